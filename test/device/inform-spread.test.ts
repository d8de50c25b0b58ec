import t from 'tap';
import { informTimeOf } from '../../proxy/device/inform-spread.ts';

const HOUR = 3600;
const DEVICES = Array.from({ length: 1000 }, (_, index) => `02C0DE-Router-SN${String(index).padStart(6, '0')}`);

t.test('a thousand devices are spread evenly over their day', async (t) => {
  const hours = new Array<number>(24).fill(0);
  for (const device of DEVICES) {
    const seconds = (Date.parse(informTimeOf(device, 24 * HOUR)) - Date.UTC(2000, 0, 1)) / 1000;
    const hour = Math.floor(seconds / HOUR);
    hours[hour] = (hours[hour] ?? Number.NaN) + 1;
  }
  // 42 to an hour; by chance alone more than 20 off would be one in a thousand.
  t.ok(
    hours.every((count) => count >= 22 && count <= 62),
    hours.join(' '),
  );
});

t.test('a device keeps its time, written as CPEs take it', async (t) => {
  const [device = ''] = DEVICES;
  t.equal(informTimeOf(device, HOUR), informTimeOf(device, HOUR));
  t.match(informTimeOf(device, HOUR), /^2000-01-01T00:\d\d:\d\dZ$/);
  t.equal(informTimeOf(device, 1), '2000-01-01T00:00:00Z');
});
