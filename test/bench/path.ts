// What paths and values cost, in nanoseconds each, over 2,000 parameters of a CPE: medians of interleaved rounds, against
// `split('.')` of the same paths. Run `npm run -s build && node dist/test/bench/path.js`.
import { testOf } from '../../proxy/path/compare.ts';
import { generalise, instanceNumbersOf, instantiate, matchGeneral, parentOf } from '../../proxy/path/concrete.ts';
import { comparePaths } from '../../proxy/path/order.ts';
import { parsePath } from '../../proxy/path/parse.ts';
import { formatPath } from '../../proxy/path/path.ts';
import { parseSupportedPath } from '../../proxy/path/supported-path.ts';
import { valueFromCpe, valueToCpe } from '../../proxy/path/values.ts';

const ROUNDS = 41;
const COUNT = 2000;
const names = ['Enable', 'Status', 'Alias', 'Name', 'LastChange', 'Stats.BytesSent', 'Stats.ErrorsSent', 'MACAddress'];
const indexes = Array.from({ length: COUNT }, (_, index) => index);
const paths = indexes.map(
  (index) =>
    `Device.IP.Interface.${Math.floor(index / 40) + 1}.IPv4Address.${(index % 5) + 1}.${names[index % 8] ?? ''}`,
);
const searches = indexes.map(
  (index) => `Device.IP.Interface.[Type=="Normal"&&Stats.ErrorsSent>${index}].${names[index % 8] ?? ''}`,
);
const parsed = paths.flatMap((path) => {
  const outcome = parsePath(path);
  return outcome.ok ? [outcome.path] : [];
});
const generals = paths.map(generalise);
const numbers = paths.map(instanceNumbersOf);
const shuffled = paths.toSorted((a, b) => (a.slice(-9) < b.slice(-9) ? -1 : 1));
const test = testOf({ base: 'unsignedLong' }, '>', { text: '9007199254740993', quoted: false });
const at = <T>(list: readonly T[], index: number): T => list[index] as T;

const candidates: readonly (readonly [string, (path: string, index: number) => unknown])[] = [
  ["split('.')", (path) => path.split('.')],
  ['generalise', (path) => generalise(path)],
  ['instanceNumbersOf', (path) => instanceNumbersOf(path)],
  ['matchGeneral', (path, index) => matchGeneral(at(generals, index), path)],
  ['instantiate', (_, index) => instantiate(at(generals, index), at(numbers, index))],
  ['parentOf', (path) => parentOf(path)],
  ['parsePath, concrete', (path) => parsePath(path)],
  ['parsePath, search', (_, index) => parsePath(at(searches, index))],
  ['parseSupportedPath', (path) => parseSupportedPath(path)],
  ['formatPath', (_, index) => formatPath(at(parsed, index))],
  ['valueFromCpe, boolean', () => valueFromCpe({ base: 'boolean' }, '1')],
  ['valueFromCpe, number', (_, index) => valueFromCpe({ base: 'unsignedInt' }, `0${index}`)],
  ['valueFromCpe, dateTime', () => valueFromCpe({ base: 'dateTime' }, '2021-06-06T01:30:00+02:00')],
  ['valueToCpe, string', (path) => valueToCpe({ base: 'string', lengths: [{ maximum: 256 }] }, path)],
  ['comparison, number', (_, index) => test.ok && test.holds(`900719925474099${index % 10}`)],
];

const times = candidates.map(() => [] as number[]);
const sortTimes: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  candidates.forEach(([, run], which) => {
    const started = process.hrtime.bigint();
    paths.forEach(run);
    times[which]?.push(Number(process.hrtime.bigint() - started) / COUNT);
  });
  const started = process.hrtime.bigint();
  shuffled.toSorted(comparePaths);
  sortTimes.push(Number(process.hrtime.bigint() - started) / COUNT);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const floor = median(times[0] ?? []);
const line = (name: string, nanoseconds: number): void =>
  console.log(
    `${name.padEnd(24)} ${nanoseconds.toFixed(0).padStart(6)} ns ${(nanoseconds / floor).toFixed(2).padStart(7)}x`,
  );
console.log(`paths: ${COUNT} each, median, ratio to split('.')`);
candidates.forEach(([name], which) => line(name, median(times[which] ?? [])));
line('sort by comparePaths', median(sortTimes));
