// PeriodicInformTime, through the whole gateway.
import t from 'tap';
import { informTimeOf } from '../../proxy/device/inform-spread.ts';
import { setDeviceScene } from './device-scene.ts';

const TIME = 'Device.ManagementServer.PeriodicInformTime';
const UNKNOWN = '0001-01-01T00:00:00Z';

t.test('a CPE that comes for the first time gets a time of its own, once, in that session', async (t) => {
  const { device, calls } = await setDeviceScene(t, { 'inform.spread': 'true' });
  const { oui, productClass, serialNumber } = device.deviceId;
  const expected = informTimeOf(`${oui}-${productClass}-${serialNumber}`, 86_400);
  t.equal(device.get(TIME), expected);
  const sets = (): number => device.rpcs.filter(({ method }) => method === 'SetParameterValues').length;
  t.equal(sets(), 1);

  for (const event of ['1 BOOT', '2 PERIODIC']) {
    const session = device.nextSession();
    device.inform(event);
    await session;
  }
  t.equal(sets(), 1);
  t.same(calls, [], 'it was not called for it');
  t.same(device.complaints, []);
});

t.test('nothing is set unless told', async (t) => {
  const { device } = await setDeviceScene(t);
  t.equal(device.get(TIME), UNKNOWN);
});
