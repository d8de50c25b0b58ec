import t from 'tap';
import { ByObject } from '../../proxy/path/by-object.ts';

t.test('an object is looked up once for parameters that stand together', async (t) => {
  const asked: string[] = [];
  const lengths = new ByObject((object) => {
    asked.push(object);
    return object.length;
  });
  t.equal(lengths.of('Device.A.x'), 9);
  t.equal(lengths.of('Device.A.y'), 9);
  t.equal(lengths.of('Device.B.y'), 9, 'as long, and another');
  t.equal(lengths.of('Device.B.C.y'), 11, 'below it');
  t.equal(lengths.of('Device.A.x'), 9);
  t.equal(lengths.of('x'), 0, 'in no object');
  t.equal(lengths.of('y'), 0);
  t.same(asked, ['Device.A.', 'Device.B.', 'Device.B.C.', 'Device.A.', '']);
});

t.test('what is found to be nothing is found once, too', async (t) => {
  let asked = 0;
  const nothing = new ByObject((): string | undefined => {
    asked += 1;
    return undefined;
  });
  t.equal(nothing.of('Device.A.x'), undefined);
  t.equal(nothing.of('Device.A.y'), undefined);
  t.equal(asked, 1);
});
