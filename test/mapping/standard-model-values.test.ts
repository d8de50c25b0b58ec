// Which values the standard allows: the check that a strict Set makes before it asks the CPE.
import t from 'tap';
import fc from 'fast-check';
import { checkValue, loadStandardModel, type ValueRules } from '../../proxy/mapping/standard-model.ts';
import { createValueReader } from '../../proxy/mapping/standard/value-line.ts';

const model = loadStandardModel(19);

/** The code for a value of a parameter that is described as in the model file; 0 when it is allowed. */
function codeOf(line: string, text: string): number {
  const reader = createValueReader();
  for (const type of ['Alias', 'IPAddress', 'IPv4Address', 'IPv6Address', 'IPPrefix', 'IPv4Prefix', 'IPv6Prefix']) {
    reader.defineType(type, 'string');
  }
  for (const type of ['MACAddress', 'UUID']) reader.defineType(type, 'string');
  const facts = reader.read(line);
  if (typeof facts === 'string') throw new Error(facts);
  const checked = checkValue(facts, text);
  return checked.ok ? 0 : checked.code;
}

const cases: readonly (readonly [
  line: string,
  allowed: readonly string[],
  wrongType: string[],
  wrongValue: string[],
])[] = [
  ['boolean', ['true', 'false', '0', '1'], ['', 'True', 'yes', ' true', '2'], []],
  ['int', ['0', '-2147483648', '2147483647', '+7', '007', '-0'], ['', '1.0', '0x1', ' 1', '1e3'], ['2147483648']],
  ['unsignedInt', ['0', '4294967295', '-0'], ['', '-', 'ten'], ['4294967296', '-1', '9'.repeat(400)]],
  ['long', ['-9223372036854775808', '9223372036854775807'], ['1L'], ['9223372036854775808', '-9223372036854775809']],
  ['unsignedLong', ['18446744073709551615', '00018446744073709551615'], ['-'], ['18446744073709551616', '-1']],
  ['decimal', ['0', '-1.5', '.5', '5.', '+3'], ['', '.', '1e3', 'NaN'], []],
  [
    'dateTime',
    [
      '2024-02-29T23:59:59Z',
      '0001-01-01T00:00:00Z',
      '0001-01-03T12:00:00Z',
      '9999-12-31T23:59:59Z',
      '2024-01-01T00:00:00.123456+02:00',
      '2024-01-01T00:00:00',
    ],
    ['', '2023-02-29T00:00:00Z', '2024-13-01T00:00:00Z', '2024-01-01', '2024-01-01 00:00:00', '2024-01-01T24:30:00Z'],
    [],
  ],
  ['hexBinary len=..2', ['', '0A', 'ffFF'], ['0', '0x', 'GG'], ['000000']],
  ['base64 len=3..4', ['AAAA', 'AAAAAA=='], ['AAA', 'A===', 'AA AA=='], ['', 'AA==', 'AAAAAAA=']],
  ['string', ['', 'ä\t\n\r', '\u{1F600}'], [], ['\u0000', '\u0007', '\uD800', '\uFFFF']],
  ['string len=..4', ['', 'four', '\u{1F600}\u{1F600}\u{1F600}\u{1F600}'], [], ['fives']],
  ['string len=0,8..63', ['', '12345678'], [], ['1234567', 'x'.repeat(64)]],
  ['string enum=Any|IPv4|4-byte%20MIC|%25', ['Any', '4-byte MIC', '%'], [], ['any', '', 'Any ']],
  ['string pattern=|[0-9A-F]{6}', ['', '00A0C9'], [], ['00a0c9', 'x00A0C9', '00A0C9\n']],
  ['unsignedInt range=0,512..', ['0', '512', '99999'], ['x'], ['1', '511']],
  ['int range=-127000..0 step=500', ['-127000', '-500', '0'], [], ['-127500', '-499', '500']],
  ['string[] enum=a|b|g items=..2', ['', 'a', 'a,b', ' a , b '], [], ['a,b,g', 'a,', 'n']],
  ['unsignedInt[] range=0..7 items=3', ['1,2,3'], ['1,2,x', '1,,2'], ['1,2', '1,2,8']],
  ['string[] pattern=[0-9],[0-9]', ['1%2C2', '1%2c2,3%2C4'], [], ['1,2']],
  ['string[] listlen=..5', ['a,b,c'], [], ['a,b,cd']],
  ['Alias', ['wan', 'cpe-1'], [], ['', '1wan', '-a']],
  ['IPAddress', ['', '192.168.1.1', '255.255.255.0', '::1', '1080::8:800:200C:417A'], [], ['1.2.3', 'fe80::1%eth0']],
  ['IPv4Address', ['', '010.001.000.255'], [], ['1.2.3.256', '::1', '1.2.3.4 ']],
  ['IPv6Address', ['', '::', '0:0:0:0:0:0:13.1.68.3'], [], ['1.2.3.4', ':::']],
  ['IPPrefix', ['', '/0', '10.0.0.0/8', '2001:db8::/64'], [], ['10.0.0.0', '10.0.0.0/33', '::/129']],
  ['IPv4Prefix', ['', '/24', '10.0.0.0/32'], [], ['2001:db8::/64']],
  ['IPv6Prefix', ['', '::/0'], [], ['10.0.0.0/8', '::/x']],
  ['MACAddress', ['', '00:11:22:aa:BB:cc'], [], ['00-11-22-33-44-55', '00:11:22:33:44']],
  ['UUID', ['123e4567-e89b-12d3-a456-426614174000'], [], ['', '123e4567e89b12d3a456426614174000']],
];

for (const [line, allowed, wrongType, wrongValue] of cases) {
  t.test(line, async (t) => {
    for (const text of allowed) t.equal(codeOf(line, text), 0, JSON.stringify(text));
    for (const text of wrongType) t.equal(codeOf(line, text), 7011, JSON.stringify(text));
    for (const text of wrongValue) t.equal(codeOf(line, text), 7012, JSON.stringify(text));
  });
}

t.test('a refusal says why, and never repeats the value', async (t) => {
  const passphrase = model.parameter('Device.WiFi.AccessPoint.{i}.Security.PreSharedKey');
  const secret = 'correct horse';
  const checked = passphrase === undefined ? undefined : checkValue(passphrase, secret);
  t.match(checked, { ok: false, code: 7011, why: 'not hexBinary' });
  t.notOk(JSON.stringify(checked).includes(secret));
});

t.test("a command's arguments are checked alike", async (t) => {
  const inputs = model.command('Device.IP.Diagnostics.IPPing()')?.inputs ?? [];
  const repetitions = inputs.find(({ name }) => name === 'NumberOfRepetitions');
  t.same(repetitions && checkValue(repetitions, '0'), { ok: false, code: 7012, why: 'outside 1..' });
  t.same(repetitions && checkValue(repetitions, '1'), { ok: true });
});

t.test('every pattern of the standard is a regular expression', async (t) => {
  const patterns = new Set<string>();
  for (const { parameters, commands, events } of model.objects.values()) {
    const rules: ValueRules[] = [...parameters.values()].map(({ value }) => value);
    for (const { inputs, outputs } of commands.values())
      rules.push(...[...inputs, ...outputs].map(({ value }) => value));
    for (const event of events.values()) rules.push(...event.arguments.map(({ value }) => value));
    for (const { pattern } of rules) if (pattern !== undefined) patterns.add(pattern);
  }
  t.ok(patterns.size > 20);
  for (const pattern of patterns) t.doesNotThrow(() => new RegExp(`^(?:${pattern})$`, 'u'), pattern);
});

t.test('a pattern that is none refuses nothing', async (t) => {
  t.equal(codeOf('string pattern=[', 'anything'), 0);
});

t.test('no text, however strange, makes the check throw', async (t) => {
  const rules = [...model.objects.values()].flatMap(({ parameters }) => [...parameters.values()]);
  const seed = Date.now();
  const property = fc.property(
    fc.constantFrom(...rules),
    fc.string({ unit: 'binary', maxLength: 200 }),
    (rule, text) => {
      const checked = checkValue(rule, text);
      return checked.ok || checked.why !== '';
    },
  );
  t.doesNotThrow(() => fc.assert(property, { seed, numRuns: 3000 }), `seed ${seed}`);
});

t.test('no pattern takes longer than linear time: a long near miss would hang here', async (t) => {
  const nearMisses = [
    '1'.repeat(20_000),
    '1.'.repeat(10_000),
    'a:'.repeat(10_000),
    '0,'.repeat(10_000),
    '%2C'.repeat(5_000),
  ];
  const parameters = [...model.objects.values()].flatMap(({ parameters }) => [...parameters.values()]);
  const rules = new Set(parameters.map(({ value }) => value).filter(({ pattern }) => pattern !== undefined));
  for (const value of rules) {
    // Without its lengths, which would answer first.
    const bare = { ...value, lengths: undefined, listLengths: undefined, itemCounts: undefined, list: false };
    for (const text of nearMisses) t.type(checkValue({ value: bare }, text).ok, 'boolean');
  }
});
