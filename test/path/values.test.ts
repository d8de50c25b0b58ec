// Values between CPE and USP, type by type.
import fc from 'fast-check';
import t from 'tap';
import { baseTypeOfXsi, type BaseType, type ValueType } from '../../proxy/path/value-type.ts';
import { valueFromCpe, valueToCpe } from '../../proxy/path/values.ts';

const of = (base: BaseType): ValueType => ({ base });
const integers = ['int', 'long', 'unsignedInt', 'unsignedLong'] as const;

t.test('from the CPE: booleans', async (t) => {
  for (const text of ['1', 'true', 'True', 'TRUE', ' true '])
    t.same(valueFromCpe(of('boolean'), text), { value: 'true' });
  for (const text of ['0', 'false', 'False', 'FALSE']) t.same(valueFromCpe(of('boolean'), text), { value: 'false' });
  t.same(valueFromCpe(of('boolean'), ''), { value: 'false', oddity: 'empty-boolean' });
  t.same(valueFromCpe(of('boolean'), 'Enabled'), { value: 'Enabled', oddity: 'not-a-boolean' });
});

t.test('from the CPE: numbers', async (t) => {
  for (const base of integers) {
    t.same(valueFromCpe(of(base), ' +007\n'), { value: '7' });
    t.same(valueFromCpe(of(base), '-0'), { value: '0' });
    t.same(valueFromCpe(of(base), '18446744073709551616'), { value: '18446744073709551616' }, 'whatever its size');
    for (const text of ['', ' n/a', '1.5', '0x10']) {
      t.same(valueFromCpe(of(base), text), { value: text, oddity: 'not-a-number' });
    }
  }
  t.same(valueFromCpe(of('int'), '-0012'), { value: '-12' });
  t.same(valueFromCpe(of('decimal'), '+01.50'), { value: '1.5' });
  t.same(valueFromCpe(of('decimal'), '1e3'), { value: '1e3', oddity: 'not-a-number' });
});

t.test('from the CPE: dateTimes', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['2021-06-06T08:00:00Z', '2021-06-06T08:00:00Z'],
    ['2021-06-06T08:00:00', '2021-06-06T08:00:00Z'],
    ['2021-06-06T08:00:00.123456', '2021-06-06T08:00:00.123456Z'],
    ['2021-06-06T01:30:00+02:00', '2021-06-05T23:30:00Z'],
    ['2021-06-06T01:30:00.50-0230', '2021-06-06T04:00:00.50Z'],
    ['2020-02-29T24:00:00Z', '2020-03-01T00:00:00Z'],
    [' 1970-01-01T00:00:00 ', '1970-01-01T00:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0001-01-03T04:05:06', '0001-01-03T04:05:06'],
    ['0099-12-31T23:00:00-02:00', '0100-01-01T01:00:00Z'],
  ];
  for (const [text, value] of cases) t.same(valueFromCpe(of('dateTime'), text), { value }, text);
  const none = ['', '0000-00-00T00:00:00', '2019-03-05T11:54::14', '2021-02-29T00:00:00Z', '2021-13-01T00:00:00Z'];
  const alsoNone = ['2021-06-06', '2021-06-06T25:00:00Z', '2021-06-06T08:60:00Z', '9999-12-31T23:00:00-02:00'];
  for (const text of [...none, ...alsoNone, '2021-06-06T08:00:00+15:00', '1622966400']) {
    t.same(valueFromCpe(of('dateTime'), text), { value: text, oddity: 'not-a-date-time' }, text);
  }
});

t.test('from the CPE: texts, lists and binary', async (t) => {
  t.same(valueFromCpe(of('string'), ' as\tit is\r\n'), { value: ' as\tit is\r\n' });
  const status: ValueType = { base: 'string', enumeration: ['Up', 'Down', 'DOWN_TOO'] };
  t.same(valueFromCpe(status, 'UP'), { value: 'Up' });
  t.same(valueFromCpe(status, 'Dormant'), { value: 'Dormant' });
  t.same(valueFromCpe({ base: 'boolean', list: {} }, '1, TRUE'), { value: '1, TRUE' });
  t.same(valueFromCpe(of('base64'), 'QUJD\r\nREVG '), { value: 'QUJDREVG' });
  t.same(valueFromCpe(of('hexBinary'), '0aFF'), { value: '0aFF' });
  t.same(valueFromCpe(of('hexBinary'), '0aF'), { value: '0aF', oddity: 'not-hexadecimal' });
});

t.test('to the CPE: booleans', async (t) => {
  t.same(valueToCpe(of('boolean'), 'true'), { ok: true, value: '1' });
  t.same(valueToCpe(of('boolean'), '1'), { ok: true, value: '1' });
  t.same(valueToCpe(of('boolean'), 'false'), { ok: true, value: '0' });
  t.same(valueToCpe(of('boolean'), '0'), { ok: true, value: '0' });
  for (const text of ['', 'True', 'InvalidValue', ' true', '2']) {
    t.match(valueToCpe(of('boolean'), text), { ok: false, code: 7011 }, text);
  }
});

t.test('to the CPE: numbers, to the last of each type', async (t) => {
  const ends: readonly (readonly [BaseType, string, string])[] = [
    ['int', '-2147483648', '2147483647'],
    ['unsignedInt', '0', '4294967295'],
    ['long', '-9223372036854775808', '9223372036854775807'],
    ['unsignedLong', '0', '18446744073709551615'],
  ];
  for (const [base, low, high] of ends) {
    for (const text of [low, high]) t.same(valueToCpe(of(base), text), { ok: true, value: text });
    for (const text of [BigInt(low) - 1n, BigInt(high) + 1n]) {
      t.match(valueToCpe(of(base), String(text)), { ok: false, code: 7012 }, `${base} ${text}`);
    }
    t.same(valueToCpe(of(base), '+007'), { ok: true, value: '7' });
    for (const text of ['', 'x', '1.0', ' 1', '1 ', '--1', '1e3'])
      t.match(valueToCpe(of(base), text), { code: 7011 }, text);
  }
  const channel: ValueType = {
    base: 'int',
    ranges: [
      { minimum: '-1', maximum: '-1' },
      { minimum: '1', maximum: '13' },
    ],
  };
  for (const text of ['-1', '1', '13']) t.match(valueToCpe(channel, text), { ok: true });
  for (const text of ['-2', '0', '14']) t.match(valueToCpe(channel, text), { ok: false, code: 7012 });
  t.match(valueToCpe({ base: 'int', ranges: [{ maximum: '5' }] }, '-99'), { ok: true });
  t.same(valueToCpe(of('decimal'), '-01.50'), { ok: true, value: '-1.5' });
  t.match(valueToCpe(of('decimal'), '1,5'), { ok: false, code: 7011 });
});

t.test('to the CPE: dateTimes', async (t) => {
  t.same(valueToCpe(of('dateTime'), '2021-06-06T08:00:00Z'), { ok: true, value: '2021-06-06T08:00:00Z' });
  t.same(valueToCpe(of('dateTime'), '2021-06-06T08:00:00+02:00'), { ok: true, value: '2021-06-06T06:00:00Z' });
  t.same(valueToCpe(of('dateTime'), '0001-01-01T00:00:00Z'), { ok: true, value: '0001-01-01T00:00:00Z' });
  for (const text of ['', 'now', '2021-06-31T00:00:00Z']) t.match(valueToCpe(of('dateTime'), text), { code: 7011 });
});

t.test('to the CPE: binary', async (t) => {
  t.same(valueToCpe(of('base64'), 'QUJD\nRA=='), { ok: true, value: 'QUJDRA==' });
  for (const text of ['QUJ', 'QUJ*', '====', 'Q===']) t.match(valueToCpe(of('base64'), text), { code: 7011 }, text);
  const four: ValueType = { base: 'base64', lengths: [{ maximum: 4 }] };
  t.match(valueToCpe(four, 'QUJDRA=='), { ok: true });
  t.match(valueToCpe(four, 'QUJDREU='), { ok: false, code: 7012 });
  t.same(valueToCpe(of('hexBinary'), '0aFF'), { ok: true, value: '0aFF' });
  for (const text of ['0', '0g', '0x', ' 00']) t.match(valueToCpe(of('hexBinary'), text), { code: 7011 }, text);
  t.match(valueToCpe({ base: 'hexBinary', lengths: [{ minimum: 2, maximum: 2 }] }, '00'), { code: 7012 });
});

t.test('to the CPE: texts', async (t) => {
  for (const text of ['', ' a\tb\r\n', 'Küche 😀', '\uFFFD\uE000']) {
    t.same(valueToCpe(of('string'), text), { ok: true, value: text });
  }
  for (const text of ['\0', 'a\u001B', '\uD800', '\uDC00x', '\uFFFE', '\uFFFF', '\u000B']) {
    t.match(valueToCpe(of('string'), text), { ok: false, code: 7012, why: /XML/ });
  }
  const short: ValueType = {
    base: 'string',
    lengths: [
      { minimum: 2, maximum: 3 },
      { minimum: 5, maximum: 5 },
    ],
  };
  for (const text of ['ab', 'abc', '😀😀😀', 'abcde']) t.match(valueToCpe(short, text), { ok: true }, text);
  for (const text of ['', 'a', 'abcd', 'abcdef']) t.match(valueToCpe(short, text), { ok: false, code: 7012 }, text);
  const status: ValueType = { base: 'string', enumeration: ['Up', 'Down'] };
  t.match(valueToCpe(status, 'Up'), { ok: true });
  t.match(valueToCpe(status, 'UP'), { ok: false, code: 7012 });
});

t.test('to the CPE: lists', async (t) => {
  const type: ValueType = {
    base: 'int',
    ranges: [{ minimum: '0', maximum: '9' }],
    list: { items: { minimum: 1, maximum: 3 }, length: { maximum: 7 } },
  };
  for (const text of ['1', '1, 2,03', ' 1 ']) t.same(valueToCpe(type, text), { ok: true, value: text });
  for (const text of ['', '1,2,3,4', '1,      2', '10'])
    t.match(valueToCpe(type, text), { ok: false, code: 7012 }, text);
  for (const text of ['1,,2', 'a']) t.match(valueToCpe(type, text), { ok: false, code: 7011 }, text);
  t.match(valueToCpe({ base: 'string', list: {} }, 'a,\u000B'), { ok: false, code: 7012 });
  t.match(valueToCpe({ base: 'string', list: {} }, ''), { ok: true });
});

t.test('the types of xsi:type, as CPEs write them (quirk 18)', async (t) => {
  const cases: readonly (readonly [string, BaseType])[] = [
    ['string', 'string'],
    ['xsd:unsignedInt', 'unsignedInt'],
    ['unsignedLong', 'unsignedLong'],
    ['dateTime', 'dateTime'],
    ['base64', 'base64'],
    ['xsd:base64Binary', 'base64'],
    ['hexBinary\u00AD', 'hexBinary'],
    ['string(256)', 'string'],
    ['anySimpleType', 'string'],
    ['Boolean', 'boolean'],
    ['', 'string'],
    ['object', 'string'],
    ['constructor', 'string'],
  ];
  for (const [text, base] of cases) t.equal(baseTypeOfXsi(text), base, text);
});

t.test('no text throws, and what USP is shown can be sent back', async (t) => {
  const bases = ['string', 'boolean', ...integers, 'decimal', 'dateTime', 'base64', 'hexBinary'] as const;
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('1', '+1', 'TRUE', '2021-06-06T08:00:00', '1.0', 'AA==', 'ff'),
    fc.stringMatching(/^[0-9:.TZ+-]{0,25}$/),
  );
  const property = fc.property(fc.constantFrom(...bases), fc.boolean(), text, (base, isList, value) => {
    const type = isList ? { base, list: {} } : { base };
    const shown = valueFromCpe(type, value);
    const sent = valueToCpe(type, shown.value);
    if (!sent.ok) return [7011, 7012].includes(sent.code);
    return isList || valueFromCpe(type, sent.value).value === shown.value;
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 3000 }));
});

t.test('long hostile texts cost little', async (t) => {
  const started = process.hrtime.bigint();
  for (const base of ['decimal', 'int', 'dateTime', 'base64', 'hexBinary', 'boolean', 'string'] as const) {
    for (const filler of ['0', ' ', '9', '.', 'A', '=']) {
      const text = `1${filler.repeat(200_000)}x`;
      valueFromCpe(of(base), text);
      valueToCpe(of(base), text);
      valueToCpe(of(base), text.slice(0, -1));
      valueToCpe(of(base), `0.${text.slice(0, -1)}1`);
    }
  }
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  t.ok(milliseconds < 5000, `${milliseconds.toFixed(0)} ms; what is not linear needs minutes`);
});
