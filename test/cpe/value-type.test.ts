import t from 'tap';
import { allows, canonicalValue, emptyValue, valueTypes, type ValueType } from './value-type.ts';

t.test('values of each type, as this device keeps them', async (t) => {
  const cases: readonly [ValueType, string, string | undefined][] = [
    ['string', ' any <thing> ', ' any <thing> '],
    ['boolean', '1', 'true'],
    ['boolean', 'false', 'false'],
    ['boolean', 'True', undefined],
    ['int', '-2147483648', '-2147483648'],
    ['int', '2147483648', undefined],
    ['unsignedInt', ' +007 ', '7'],
    ['unsignedInt', '-1', undefined],
    ['unsignedInt', '', undefined],
    ['unsignedLong', '18446744073709551615', '18446744073709551615'],
    ['unsignedLong', '18446744073709551616', undefined],
    ['long', '-9223372036854775808', '-9223372036854775808'],
    ['decimal', '-0.5', '-0.5'],
    ['decimal', '1e3', undefined],
    ['dateTime', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['dateTime', 'yesterday', undefined],
    ['base64', 'wAACAQ==', 'wAACAQ=='],
    ['base64', '???', undefined],
    ['hexBinary', 'c0FF', 'c0FF'],
    ['hexBinary', 'c0F', undefined],
  ];
  for (const [type, text, expected] of cases) t.equal(canonicalValue(type, text), expected, `${type} "${text}"`);
  for (const type of valueTypes) t.not(canonicalValue(type, emptyValue(type)), undefined, `an empty ${type}`);
});

t.test('facets', async (t) => {
  t.ok(allows({ enumeration: ['a', 'b'] }, 'b'));
  t.notOk(allows({ enumeration: ['a', 'b'] }, 'B'));
  t.notOk(allows({ enumeration: ['a', 'b'] }, 'a,b'));
  t.ok(allows({ enumeration: ['a', 'b'], list: true }, 'a, b'));
  t.ok(allows({ enumeration: ['a', 'b'], list: true }, ''));
  t.ok(allows({ longest: 3 }, 'äöü'));
  t.notOk(allows({ longest: 3 }, 'four'));
  t.notOk(allows({ minimum: 1n }, '0'));
  t.notOk(allows({ maximum: 65535n }, '65536'));
  t.ok(allows({ minimum: -1n, maximum: 5n }, '-1'));
});
