// Concrete paths: general forms and back, parents, and the order in which a person wants them.
import fc from 'fast-check';
import t from 'tap';
import {
  generalise,
  instanceNumbersOf,
  instantiate,
  lastNameOf,
  matchGeneral,
  parentOf,
  rowOf,
} from '../../proxy/path/concrete.ts';
import { comparePaths } from '../../proxy/path/order.ts';
import { parsePath } from '../../proxy/path/parse.ts';
import { concreteObject } from './arbitrary-path.ts';

t.test('the general form and the numbers', async (t) => {
  const cases: readonly (readonly [string, string, readonly number[]])[] = [
    ['Device.', 'Device.', []],
    ['Device.IP.Interface.3.Status', 'Device.IP.Interface.{i}.Status', [3]],
    ['Device.IP.Interface.3.IPv4Address.12.', 'Device.IP.Interface.{i}.IPv4Address.{i}.', [3, 12]],
    ['Device.IP.Interface.3', 'Device.IP.Interface.{i}', [3]],
    ['Device.X1.Y_2.Z-3.4294967295.A5', 'Device.X1.Y_2.Z-3.{i}.A5', [4294967295]],
    ['Device.A.1.Reset()', 'Device.A.{i}.Reset()', [1]],
    ['Device.A.1.Gone!', 'Device.A.{i}.Gone!', [1]],
  ];
  for (const [path, general, numbers] of cases) {
    t.equal(generalise(path), general);
    t.same(instanceNumbersOf(path), numbers);
    t.same(matchGeneral(general, path), numbers);
    t.equal(instantiate(general, numbers), path);
  }
});

t.test('what does not match', async (t) => {
  t.equal(matchGeneral('Device.A.{i}.', 'Device.A.'), undefined);
  t.equal(matchGeneral('Device.A.{i}.', 'Device.A.1.B'), undefined);
  t.equal(matchGeneral('Device.A.{i}.', 'Device.B.1.'), undefined);
  t.equal(matchGeneral('Device.A.{i}.', 'Device.A.x.'), undefined);
  t.equal(instantiate('Device.A.{i}.', []), undefined);
  t.equal(instantiate('Device.A.{i}.', [1, 2]), undefined);
});

t.test('rows, parents and last names', async (t) => {
  t.equal(rowOf('Device.A.', 3), 'Device.A.3.');
  t.equal(parentOf('Device.A.3.B'), 'Device.A.3.');
  t.equal(parentOf('Device.A.3.'), 'Device.A.');
  t.equal(parentOf('Device.'), '');
  t.equal(lastNameOf('Device.A.3.B'), 'B');
  t.equal(lastNameOf('Device.A.3.'), '3');
  t.equal(lastNameOf('Device.A.Reset()'), 'Reset()');
  t.equal(lastNameOf('Device.'), 'Device');
});

t.test('the order of paths', async (t) => {
  const sorted = [
    'Device.',
    'Device.A',
    'Device.A.',
    'Device.A.1.',
    'Device.A.1.B',
    'Device.A.1.B.',
    'Device.A.1.B.2.C',
    'Device.A.1.B.10.C',
    'Device.A.2.',
    'Device.A.9.Z',
    'Device.A.10.',
    'Device.A.100.',
    'Device.A-B.',
    'Device.A1.',
    'Device.AB.',
    'Device.a.',
  ];
  t.same([...sorted].reverse().sort(comparePaths), sorted);
});

t.test('for every concrete path', async (t) => {
  const inverse = fc.property(concreteObject, (path) => {
    const numbers = instanceNumbersOf(path);
    return instantiate(generalise(path), numbers) === path && generalise(generalise(path)) === generalise(path);
  });
  t.doesNotThrow(() => fc.assert(inverse, { numRuns: 1000 }));
  const asParsed = fc.property(concreteObject, (path) => {
    const parsed = parsePath(path);
    if (!parsed.ok) return false;
    const numbers = parsed.path.segments.flatMap((segment) => (segment.kind === 'instance' ? [segment.number] : []));
    return numbers.join() === instanceNumbersOf(path).join();
  });
  t.doesNotThrow(() => fc.assert(asParsed, { numRuns: 1000 }));
  const order = fc.property(concreteObject, concreteObject, concreteObject, (a, b, c) => {
    const total =
      (comparePaths(a, b) === 0) === (a === b) && Math.sign(comparePaths(a, b)) === -Math.sign(comparePaths(b, a));
    return total && !(comparePaths(a, b) < 0 && comparePaths(b, c) < 0 && comparePaths(a, c) >= 0);
  });
  t.doesNotThrow(() => fc.assert(order, { numRuns: 3000 }));
});
