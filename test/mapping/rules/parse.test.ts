// Rule files: what is written is what is meant, and what is wrong is told with its line.
import t from 'tap';
import { parseRules, type ParsedRules } from '../../../proxy/mapping/rules/parse.ts';
import type { ParameterRule, RuleFile } from '../../../proxy/mapping/rules/document.ts';

function parsed(text: string): RuleFile {
  const result: ParsedRules = parseRules('one.yaml', text);
  if (result.ok) return result.value;
  throw new Error(result.errors.map(({ line, why }) => `${line}: ${why}`).join('\n'));
}

function problems(text: string): readonly string[] {
  const result = parseRules('one.yaml', text);
  return result.ok ? [] : result.errors.map(({ line, why }) => `${line}: ${why}`);
}

const parametersOf = (lines: string): ReadonlyMap<string, ParameterRule> => {
  const [object] = parsed(`objects:\n  - at: A.\n    to: B.\n    parameters:\n${lines}`).objects;
  return object?.parameters ?? new Map<string, ParameterRule>();
};

await t.test('a parameter in its short form and its long ones', async (t) => {
  const rules = parametersOf(`      One: Two
      Three: { from: [Four, Five?], as: wifi.band, write: no, everywhere: yes, order: 99, secret: yes }
      Six: { constant: "" }
      Seven: { constant: 802.1D-2004 }
      Eight: { refer: ["WiFi.Radio.{radio}.", X.], of: "/LANDevice.{lan}.", all: yes }
      Nine: { first: [One, { from: Two, as: "equals:DHCP,Static" }] }
`);
  t.match(rules.get('One'), { kind: 'source', from: ['Two'], needed: 1, as: undefined, write: true, order: 0 });
  t.match(rules.get('Three'), {
    kind: 'source',
    from: ['Four', 'Five'],
    needed: 1,
    as: { name: 'wifi.band', argument: '' },
    write: false,
    everywhere: true,
    order: 99,
    secret: true,
  });
  t.match(rules.get('Six'), { kind: 'constant', value: '' });
  t.match(rules.get('Seven'), { kind: 'constant', value: '802.1D-2004' });
  t.match(rules.get('Eight'), {
    kind: 'refer',
    to: ['WiFi.Radio.{radio}.', 'X.'],
    of: '/LANDevice.{lan}.',
    all: true,
  });
  const nine = rules.get('Nine');
  t.equal(nine?.kind, 'first');
  t.match(nine?.kind === 'first' ? nine.rules[1] : undefined, { as: { name: 'equals', argument: 'DHCP,Static' } });
  t.same(rules.get('Nine')?.place, { file: 'one.yaml', line: 10 }, 'with its line');
});

await t.test('objects within an object, and parameters that are the same', async (t) => {
  const { objects } = parsed(`objects:
  - at: LANDevice.{lan}.
    when: { Type: { not: ["*Bridged*", x] }, Sub.: { there: no }, Enable: 1 }
    to: IP.Interface.{row}.
    same: [Enable, Stats.BytesSent]
    parameters:
      IPv4Address.1.IPAddress: Address
`);
  t.same(
    objects.map(({ to, parameters }) => [to, [...parameters.keys()]]),
    [
      ['IP.Interface.{row}.', ['Enable']],
      ['IP.Interface.{row}.Stats.', ['BytesSent']],
      ['IP.Interface.{row}.IPv4Address.1.', ['IPAddress']],
    ],
  );
  t.match(objects[1]?.parameters.get('BytesSent'), { from: ['Stats.BytesSent'] });
  t.same(objects[0]?.sources[0]?.when, [
    { kind: 'value', path: 'Type', patterns: ['*Bridged*', 'x'], negated: true },
    { kind: 'has', path: 'Sub.', negated: true },
    { kind: 'value', path: 'Enable', patterns: ['1'], negated: false },
  ]);
});

await t.test('tables', async (t) => {
  const { tables } = parsed(`tables:
  radio:
    at: ["A.{one}.", "B.{two}."]
    each: List
    together: { from: [Band], as: wifi.band, otherwise: Channel }
    key: { names: [one], parameters: [MACAddress] }
    number: { like: one, by: { 2.4GHz: 1 }, from: 101 }
    add: { object: [A., B.], parent: { parameter: Interface, tables: [IP.Interface], otherwise: Default.Connection } }
    remove: object
  spare:
    sources:
      - at: C.{three}.
      - { at: D., when: { Enable: 0 } }
    add: { claim: { Enable: ["0", "false"] }, set: { Enable: 1 } }
    remove: { set: { Enable: 0 } }
`);
  const [radio, spare] = tables;
  t.match(radio, {
    name: 'radio',
    sources: [
      { at: 'A.{one}.', each: 'List' },
      { at: 'B.{two}.', each: 'List' },
    ],
    together: { from: ['Band'], otherwise: { from: ['Channel'] } },
    key: { names: ['one'], parameters: ['MACAddress'] },
    number: { like: 'one', from: 101 },
    add: { kind: 'object', objects: ['A.', 'B.'], parent: { parameter: 'Interface', otherwise: 'Default.Connection' } },
    remove: { kind: 'object' },
  });
  t.equal(radio?.number?.by.get('2.4GHz'), 1);
  t.match(spare, { add: { kind: 'claim', set: [{ path: 'Enable', value: '1' }] }, remove: { kind: 'set' } });
  t.equal(spare?.number, undefined, 'numbers may be said in another file');
});

await t.test('commands, enums, prefixes and whom a file is for', async (t) => {
  const file = parsed(`onlyWith: LANDevice.*.X_HW_RFBand
rank: 100
prefixes: { Services.: Services. }
commands:
  IP.Diagnostics.IPPing():
    test: IPPingDiagnostics.
    inputs: { Host: Host, DSCP: { to: DSCP, default: 0 }, ProtocolVersion: { only: [Any, IPv4] } }
    outputs: { SuccessCount: SuccessCount, "Hops.{hop}.Host": { from: "Hops.{hop}.H", as: mac } }
    lasts: [NumberOfRepetitions*Timeout]
  IP.Interface.{row}.Reset():
    at: ["A.{one}.", "B.{two}."]
    set: { Reset: 1 }
enums:
  status:
    read: { Up: Up, "": Unknown }
    otherwise: Down
`);
  t.match(file, {
    onlyWith: ['LANDevice.*.X_HW_RFBand'],
    rank: 100,
    prefixes: [{ from: 'Services.', to: 'Services.' }],
  });
  const [ping, ...resets] = file.commands;
  t.match(ping, {
    kind: 'test',
    at: 'IPPingDiagnostics.',
    state: 'DiagnosticsState',
    lasts: ['NumberOfRepetitions*Timeout'],
  });
  t.same(ping?.kind === 'test' ? [...ping.inputs.values()] : [], [
    { to: 'Host', as: undefined, defaultValue: undefined, only: [] },
    { to: 'DSCP', as: undefined, defaultValue: '0', only: [] },
    { to: undefined, as: undefined, defaultValue: undefined, only: ['Any', 'IPv4'] },
  ]);
  t.same(
    resets.map(({ kind, at }) => [kind, at]),
    [
      ['set', 'A.{one}.'],
      ['set', 'B.{two}.'],
    ],
    'one rule for each object',
  );
  t.equal(file.enums.get('status')?.read.get(''), 'Unknown');
});

const object = (lines: string): string => `objects:\n  - at: A.\n    to: B.\n    parameters:\n${lines}`;

await t.test('what is wrong is told with its line, all of it at once', async (t) => {
  t.match(problems('object:\n  - at: A.\n'), [/^1: a rule file has no "object": it may have .*objects/]);
  t.match(problems(object('      One: { form: Two }\n')), [
    /^5: a parameter has no "form": it may have from/,
    /^5: a parameter must have one of/,
  ]);
  t.match(problems(object('      One:\n')), [/^5: One says nothing/]);
  t.match(problems(object('      One: { from: Two, as: first-of:A,B }\n')), [
    /^5: B says nothing; between braces.*quotes/,
  ]);
  t.match(problems(object('      One: [Two, Three]\n')), [/^5: several parameters are written as/]);
  t.match(problems(object('      One: { from: [Two, Three] }\n')), [/^5: several parameters are one value only by as/]);
  t.match(problems(object('      One: { from: [Two?, Three], as: x }\n')), [/^5: from: Three must stand before/]);
  t.match(problems(object('      One: { from: Two, constant: 1 }\n')), [/^5: a parameter must have one of/]);
  t.match(problems(object('      One: { constant: 1, write: no }\n')), [/^5: write says nothing beside constant/]);
  t.match(problems(object('      One: { from: Two, write: maybe }\n')), [/^5: write must be yes or no/]);
  t.match(problems(object('      One: InternetGatewayDevice.Two\n')), [/^5: .*must not begin with the root/]);
  t.match(problems(object('      One: Two.\n')), [/^5: from: "Two\." is no path of a parameter/]);
  t.match(problems(object('      One: Two\n    same: [One]\n')), [/^5: One has two rules here/]);
  t.match(problems(object('      One: Two\n      One: Three\n')), [/^6: .*unique/i]);
  t.match(problems('objects:\n  - at: A\n    to: /B.\n'), [
    /^2: at: "A" is no path of an object/,
    /^3: to is below Device/,
  ]);
  t.match(problems('objects:\n  - at: A.\n'), [/^2: it needs to: the object of the view/]);
  t.match(problems('objects:\n  - to: B.\n    at: A.\n    sources: [{ at: C. }]\n'), [
    /^4: sources stand in place of at/,
  ]);
  t.match(problems('tables:\n  Radio:\n    at: A.\n'), [/^2: a table's name is letters/]);
  t.match(problems('tables:\n  radio:\n    at: A.{one}.\n    number: { like: two }\n'), [
    /^4: like: no source has \{two\}/,
  ]);
  t.match(problems('tables:\n  radio:\n    at: A.\n    add: { claim: { E: 0 }, object: A. }\n'), [
    /^4: add must have one of/,
  ]);
  t.match(problems('tables:\n  radio:\n    at: A.\n    remove: row\n'), [/^4: remove must be object/]);
  t.match(problems('commands:\n  Ping:\n    at: A.\n'), [/^2: "Ping" is no command/]);
  t.match(problems('commands:\n  Ping():\n    at: A.\n'), [/^2: Ping\(\) needs test, or at and set/]);
  t.match(problems('objects: [\n'), [/^\d+: /], 'what is no YAML');
  t.equal(problems('rank: many\nobjects: 3\ntables: 4\n').length, 3);
});
