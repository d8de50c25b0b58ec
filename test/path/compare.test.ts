// Comparisons by type.
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { compareValue, sameValue, testOf } from '../../proxy/path/compare.ts';
import type { Constant, Operator } from '../../proxy/path/path.ts';
import type { BaseType, ValueType } from '../../proxy/path/value-type.ts';

const bare = (text: string): Constant => ({ text, quoted: false });
const quoted = (text: string): Constant => ({ text, quoted: true });
const of = (base: BaseType): ValueType => ({ base });
const listOf = (base: BaseType): ValueType => ({ base, list: {} });

type Case = readonly [value: string, operator: Operator, constant: Constant, holds: boolean];

function check(t: Test, type: ValueType, cases: readonly Case[]): void {
  for (const [value, operator, constant, holds] of cases) {
    t.same(compareValue(type, operator, value, constant), { ok: true, holds }, `${value} ${operator} ${constant.text}`);
  }
}

t.test('numbers, as numbers', async (t) => {
  for (const base of ['int', 'long', 'unsignedInt', 'unsignedLong', 'decimal'] as const) {
    check(t, of(base), [
      ['9', '<', bare('10'), true],
      ['10', '<', bare('9'), false],
      ['123', '==', bare('+123'), true],
      ['123', '==', bare('0123'), true],
      ['0', '==', bare('-0'), true],
      ['5', '>=', bare('5'), true],
      ['5', '<=', bare('5'), true],
      ['5', '>', bare('5'), false],
      ['5', '!=', bare('05'), false],
      ['-2', '>', bare('-10'), true],
      ['-2', '<', bare('1'), true],
    ]);
  }
  check(t, of('unsignedLong'), [
    ['18446744073709551615', '==', bare('18446744073709551614'), false],
    ['18446744073709551615', '>', bare('18446744073709551614'), true],
    ['9007199254740993', '==', bare('9007199254740992'), false],
  ]);
  check(t, of('decimal'), [
    ['1.50', '==', bare('1.5'), true],
    ['1.05', '<', bare('1.5'), true],
    ['-1.05', '>', bare('-1.5'), true],
    ['.5', '==', quoted('0.5'), true],
  ]);
});

t.test('booleans', async (t) => {
  check(t, of('boolean'), [
    ['true', '==', bare('1'), true],
    ['true', '==', bare('true'), true],
    ['false', '!=', bare('1'), true],
    ['false', '==', bare('0'), true],
  ]);
});

t.test('texts', async (t) => {
  check(t, of('string'), [
    ['Up', '==', quoted('Up'), true],
    ['up', '==', quoted('Up'), false],
    ['', '==', quoted(''), true],
    ['a', '!=', quoted('b'), true],
  ]);
  check(t, { base: 'string', equality: 'any-case' }, [['aa:BB', '==', quoted('AA:bb'), true]]);
  check(t, { base: 'string', equality: 'path' }, [
    ['Device.IP.Interface.1', '==', quoted('Device.IP.Interface.1.'), true],
    ['Device.IP.Interface.1.', '!=', quoted('Device.IP.Interface.10'), true],
  ]);
  check(t, of('hexBinary'), [
    ['0aFF', '==', bare('0AFf'), true],
    ['08', '==', bare('08'), true],
    ['0A', '==', quoted('0a'), true],
  ]);
  check(t, of('base64'), [['QUJD\nRA==', '==', quoted('QUJDRA=='), true]]);
});

t.test('instants', async (t) => {
  check(t, of('dateTime'), [
    ['2021-06-06T08:00:00Z', '==', bare('2021-06-06T10:00:00+02:00'), true],
    ['2021-06-06T08:00:00Z', '==', quoted('2021-06-06T08:00:00.000Z'), true],
    ['2021-06-06T08:00:00Z', '<', bare('2021-06-06T08:00:00.1Z'), true],
    ['2021-06-06T08:00:00.25Z', '<', bare('2021-06-06T08:00:00.3Z'), true],
    ['2021-06-06T23:30:00-01:00', '>', bare('2021-06-06T23:59:00Z'), true],
    ['2021-06-06T08:00:00', '==', bare('2021-06-06T08:00:00Z'), true],
    ['0001-01-01T00:00:00Z', '==', bare('0001-01-01T00:00:00Z'), true],
    ['0001-01-01T00:00:00Z', '!=', bare('2021-06-06T08:00:00Z'), true],
  ]);
});

t.test('the Unknown Time has no order', async (t) => {
  check(t, of('dateTime'), [
    ['0001-01-01T00:00:00Z', '<', bare('2021-06-06T08:00:00Z'), false],
    ['0001-01-01T00:00:00Z', '>=', bare('2021-06-06T08:00:00Z'), false],
    ['0001-01-01T00:00:30Z', '<', bare('2021-06-06T08:00:00Z'), true],
  ]);
  t.match(testOf(of('dateTime'), '<', bare('0001-01-01T00:00:00Z')), { ok: false, code: 7008 });
});

t.test('lists', async (t) => {
  check(t, listOf('int'), [
    ['1, 5,10', '~=', bare('5'), true],
    ['1,05', '~=', bare('+5'), true],
    ['1,50', '~=', bare('5'), false],
    ['', '~=', bare('0'), false],
    ['1, 5', '==', quoted('1,5'), true],
    ['1,5', '==', quoted('5,1'), false],
    ['1,5', '!=', quoted('1'), true],
    ['', '==', quoted(''), true],
    ['7', '==', bare('7'), true],
  ]);
  check(t, listOf('string'), [
    ['IPv6Firewall, NAT64', '~=', quoted('NAT64'), true],
    ['IPv6Firewall', '~=', quoted('IPv6'), false],
    ['a,,b', '~=', quoted(''), true],
  ]);
});

t.test('operators and constants that do not suit the type are 7008', async (t) => {
  const cases: readonly (readonly [ValueType, Operator, Constant])[] = [
    [of('boolean'), '==', quoted('true')],
    [of('boolean'), '==', bare('yes')],
    [of('boolean'), '<', bare('1')],
    [of('string'), '==', bare('5')],
    [of('string'), '<', quoted('a')],
    [of('string'), '~=', quoted('a')],
    [of('int'), '==', quoted('5')],
    [of('int'), '==', bare('5.5')],
    [of('int'), '==', bare('true')],
    [of('int'), '==', bare('0x5')],
    [of('unsignedLong'), '~=', bare('5')],
    [of('decimal'), '==', bare('1e3')],
    [of('decimal'), '==', bare('.')],
    [of('dateTime'), '==', bare('2021')],
    [of('dateTime'), '==', bare('2021-02-30T00:00:00Z')],
    [of('hexBinary'), '<', bare('08')],
    [of('hexBinary'), '==', bare('8')],
    [of('hexBinary'), '==', quoted('0x')],
    [of('base64'), '==', quoted('A')],
    [of('base64'), '>', quoted('AA==')],
    [listOf('int'), '~=', quoted('5')],
    [listOf('int'), '<', bare('5')],
    [listOf('string'), '~=', bare('5')],
  ];
  for (const [type, operator, constant] of cases) {
    const text = `${type.base} ${operator} ${constant.text}`;
    t.match(testOf(type, operator, constant), { ok: false, code: 7008, why: String }, text);
    t.match(compareValue(type, operator, '', constant), { ok: false, code: 7008 }, text);
  }
});

t.test('a value that is none of its type is unequal, and in no order', async (t) => {
  check(t, of('int'), [
    ['n/a', '==', bare('5'), false],
    ['n/a', '!=', bare('5'), true],
    ['n/a', '<', bare('5'), false],
    ['', '>=', bare('0'), false],
  ]);
  check(t, of('dateTime'), [['0000-00-00T00:00:00', '<', bare('2021-06-06T08:00:00Z'), false]]);
  check(t, of('boolean'), [['maybe', '!=', bare('true'), true]]);
});

t.test('two values are the same when only their spelling differs', async (t) => {
  t.ok(sameValue(of('boolean'), '1', 'true'));
  t.ok(sameValue(of('int'), '+7', '07'));
  t.ok(sameValue(of('dateTime'), '2021-06-06T08:00:00Z', '2021-06-06T09:00:00+01:00'));
  t.ok(sameValue(listOf('int'), '1,2', '1, 02'));
  t.ok(sameValue({ base: 'string', equality: 'any-case' }, 'a', 'A'));
  t.ok(sameValue(of('int'), 'n/a', 'n/a'), 'what is no number can be the same text');
  t.notOk(sameValue(of('int'), 'n/a', 'none'));
  t.notOk(sameValue(of('int'), 'n/a', '0'));
  t.notOk(sameValue(listOf('int'), '1', '1,1'));
  t.notOk(sameValue(of('string'), 'a', 'A'));
});

t.test('integers compare as BigInt does, and nothing throws', async (t) => {
  const integer = fc.bigInt(-(2n ** 70n), 2n ** 70n);
  const property = fc.property(integer, integer, (a, b) => {
    const test = testOf(of('long'), '<', bare(String(b)));
    return test.ok && test.holds(String(a)) === a < b;
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }));
  const base = fc.constantFrom<BaseType>('string', 'boolean', 'int', 'decimal', 'dateTime', 'base64', 'hexBinary');
  const operator = fc.constantFrom<Operator>('==', '!=', '<=', '>=', '~=', '<', '>');
  const anything = fc.property(
    base,
    fc.boolean(),
    operator,
    fc.string(),
    fc.string(),
    fc.boolean(),
    (type, isList, ...rest) => {
      const [sign, value, text, isQuoted] = rest;
      compareValue(isList ? listOf(type) : of(type), sign, value, { text, quoted: isQuoted });
    },
  );
  t.doesNotThrow(() => fc.assert(anything, { numRuns: 1000 }));
});
