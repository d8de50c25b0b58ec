// What the readers of mappings/tr181/ refuse, and where they say it is.
import t from 'tap';
import { parseDifference } from '../../proxy/mapping/standard/parse-difference.ts';
import { parseModel } from '../../proxy/mapping/standard/parse-model.ts';

const HEAD = 'model Device:2 12..19\nDevice.\n';

/** Where and why the text is refused, undefined when it is not. */
function refusal(text: string): string | undefined {
  const parsed = parseModel(text);
  return parsed.ok ? undefined : `${parsed.line}: ${parsed.reason}`;
}

t.test('a model with one of everything', async (t) => {
  const text = `# a comment
model Device:2 12..19
type Colour string enum=Red|Green%20Blue

Device. since=13
 Paint Colour rw canDeny
 Reset() async deleted=19
  in Colours Colour[] mandatory items=..3 default=Red since=14
  out Result.{i}.State string
 Painted! since=15
  arg Colour Colour

Device.X_EXAMPLE-COM_Wall.{i}. rw keys=~Alias;A,B count=WallNumberOfEntries enable=Enable
 Floor string row=weak,Device.X_EXAMPLE-COM_Wall.{i}.
 Mood string valuesOf=Device.Paint null=%25
`;
  const parsed = parseModel(text);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.reason}`);
  const { oldest, newest, objects } = parsed.value;
  t.same([oldest, newest], [12, 19]);
  const [root, wall] = [objects.get('Device.'), objects.get('Device.X_EXAMPLE-COM_Wall.{i}.')];
  t.match(root?.parameters.get('Paint'), {
    access: 'readWrite',
    valueChange: 'WILL_IGNORE',
    value: { typeName: 'Colour', enumeration: ['Red', 'Green Blue'], valueType: 'STRING' },
    life: { since: 13, deleted: undefined },
  });
  const reset = root?.commands.get('Reset()');
  t.match(reset, { type: 'ASYNC', life: { since: 13, deleted: 19 } });
  t.match(reset?.inputs, [
    { name: 'Colours', mandatory: true, defaultValue: 'Red', value: { list: true }, life: { since: 14, deleted: 19 } },
  ]);
  t.match(reset?.outputs, [{ name: 'Result.{i}.State', mandatory: false }]);
  t.match(root?.events.get('Painted!'), { arguments: [{ name: 'Colour' }], life: { since: 15 } });
  t.match(wall, { numEntriesParam: 'WallNumberOfEntries', enableParam: 'Enable', life: { since: 12 } });
  t.same(wall?.parameters.get('Floor')?.reference, {
    kind: 'row',
    strength: 'weak',
    targets: ['Device.X_EXAMPLE-COM_Wall.{i}.'],
  });
  t.same(wall?.parameters.get('Mood')?.reference, { kind: 'values', target: 'Device.Paint', nullValue: '%' });
});

t.test('model lines that are refused, with their number', async (t) => {
  const refused: readonly (readonly [text: string, where: RegExp])[] = [
    ['', /^1: no line `model/],
    ['Device.\n', /^1: the line `model/],
    ['model Device:2 12-19\n', /^1: not `model/],
    [`${HEAD}model Device:2 12..19\n`, /^3: a second line/],
    [' Enable boolean\n', /^1: .*without an object/],
    [`${HEAD}  in X string\n`, /^3: .*without a command/],
    [`${HEAD} A boolean\n  in X string\n`, /^4: .*without a command/],
    [`${HEAD} A int16\n`, /^3: unknown type "int16"/],
    [`${HEAD} A\n`, /^3: unknown type ""/],
    [`${HEAD} A string rw secure\n`, /^3: unknown word "secure"/],
    [`${HEAD} A string len=x\n`, /^3: unknown word "len=x"/],
    [`${HEAD} A string  rw\n`, /^3: unknown word ""/],
    [`${HEAD} A string since=13 rw\n`, /^3: unknown word "since=13"/],
    [`${HEAD} A string since=2.13\n`, /^3: unknown word/],
    [`${HEAD} A string mandatory\n`, /^3: only arguments/],
    [`${HEAD} A string null=x\n`, /^3: null= without/],
    [`${HEAD} A string row=firm\n`, /^3: unknown word/],
    [`${HEAD} A string step=0\n`, /^3: unknown word/],
    [`${HEAD} A string\n A boolean\n`, /^4: A is there already/],
    [`${HEAD} A.B string\n`, /^3: not a parameter's name/],
    [`${HEAD} A() soon\n`, /^3: a command is sync or async/],
    [`${HEAD} A() sync\n A() sync\n`, /^4: .*already/],
    [`${HEAD} A! sync\n`, /^3: unknown word "sync"/],
    [`${HEAD} A()! sync\n`, /^3: not the name/],
    [`${HEAD} A() sync\n  arg X string\n`, /^4: "arg" where/],
    [`${HEAD} A() sync\n  in X. string\n`, /^4: not an argument's name/],
    [`${HEAD} A() sync\n  in X string\n  in X string\n`, /^5: X is there already/],
    [`${HEAD} A() sync\n  in X string rw\n`, /^4: arguments have no access/],
    [`${HEAD}Device.\n`, /^3: Device\. is there already/],
    [`${HEAD}Device.A.B.\n`, /^3: .*before the object/],
    [`${HEAD}Device.A\n`, /^3: not an object's path/],
    [`${HEAD}Device.A.1.\n`, /^3: .*before the object/],
    [`${HEAD}Device.A. rx\n`, /^3: unknown word "rx"/],
    [`${HEAD}InternetGatewayDevice.\n`, /^3: not an object's path/],
    [`${HEAD}type A string rw\n`, /^3: unknown word "rw"/],
    [`${HEAD} A string pattern=\n`, /^3: unknown word/],
    [`${HEAD} A nothing`, /^3: unknown type "nothing"/],
    [`${HEAD}type A A\n`, /^3: unknown type "A"/],
    [`${HEAD}type string int\n`, /^3: not the name of a new type/],
    [`${HEAD}\tA string\n`, /^3: not an object's path/],
    [`${HEAD} A string\r\n`, /^3: unknown type/],
  ];
  t.equal(refusal(HEAD), undefined);
  for (const [text, where] of refused) t.match(refusal(text), where, JSON.stringify(text));
});

t.test('difference lines that are refused, with their number', async (t) => {
  const good = '# a comment\n\nhide Device.A.\ntrigger Device.B.C() C=true D=<E>\n';
  t.equal(parseDifference(good).ok, true);
  for (const line of [
    'show Device.A.',
    'hide A.',
    'hide Device.A. Device.B.',
    'hide Device.A.1x!',
    'access Device.A rw',
    'access Device.A',
    'access **.A readOnly',
    'moved Device.A',
    'trigger Device.A C=true',
    'trigger Device.A()',
    'trigger Device.A() C',
    'trigger Device.A() C=<true',
    'diagnostics Device.A() Device.A',
    'diagnostics Device.A Device.A.',
    'diagnostics Device.A() Device.A. when=now',
    'diagnostics Device.A() Device.A. state=B more',
  ]) {
    t.match(parseDifference(`${good}${line}\n`), { ok: false, line: 5 }, line);
  }
});
