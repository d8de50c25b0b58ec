// What holds for every path and for every text that is none.
import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { parsePath } from '../../proxy/path/parse.ts';
import { formatPath } from '../../proxy/path/path.ts';
import { parseSupportedPath } from '../../proxy/path/supported-path.ts';
import { arbitraryPath } from './arbitrary-path.ts';

t.test('the text of a path parses to that path', async (t) => {
  fc.assert(
    fc.property(arbitraryPath, (path) => {
      deepStrictEqual(parsePath(formatPath(path)), { ok: true, path });
    }),
    { numRuns: 2000 },
  );
  t.pass('2000 paths');
});

t.test('no text throws; what parses has one text that parses the same', async (t) => {
  const pieces = fc.constantFrom(
    'Device',
    '.',
    '1',
    '*',
    '[',
    ']',
    '==',
    '<',
    '&&',
    '"',
    '%22',
    '+',
    '#',
    '()',
    '!',
    ' ',
    '{i}',
    'A',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('')),
    fc.tuple(arbitraryPath, fc.nat(), pieces).map(([path, at, piece]) => {
      const text = formatPath(path);
      const place = at % text.length;
      return text.slice(0, place) + piece + text.slice(place + 1);
    }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      parseSupportedPath(text);
      const parsed = parsePath(text);
      if (parsed.ok) deepStrictEqual(parsePath(formatPath(parsed.path)), parsed);
      else deepStrictEqual([parsed.code, parsed.position >= 0 && parsed.position <= text.length], [7008, true]);
    }),
    { numRuns: 5000 },
  );
  t.pass('5000 texts');
});

t.test('the worst texts of the longest length cost no more than plain ones', async (t) => {
  const fill = (text: string): string => text.repeat(Math.ceil(16_384 / text.length)).slice(0, 16_384);
  const worst = [
    ...[
      fill('A'),
      fill('['),
      fill('"'),
      fill('Device.A.[B=="'),
      fill('%22'),
      fill('Device.A#1+.'),
      fill('.'),
      fill(' '),
    ],
    ...[`Device.A.[B${fill(' ')}`, `Device.A.[B==${fill('1')}`, `Device.A.[${fill('A.')}`, `Device.A.${fill('1')}`],
    ...[`Device.A.[B=="${fill('%2')}"].`, `Device.A.[${fill('A=="x"&&')}`, `Device.A.[A==1${fill(' ')}]`, fill('A+.')],
  ].map((text) => text.slice(0, 16_384));
  const started = process.hrtime.bigint();
  for (let round = 0; round < 20; round += 1) {
    for (const text of worst) {
      parsePath(text);
      parseSupportedPath(text);
    }
  }
  const millisecondsEach = Number(process.hrtime.bigint() - started) / 1e6 / (20 * worst.length);
  t.ok(millisecondsEach < 20, `${millisecondsEach.toFixed(2)} ms each; a quadratic parser needs seconds`);
});
