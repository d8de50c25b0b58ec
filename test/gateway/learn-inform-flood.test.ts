// A CPE that informs without end is told to wait; one that comes as it was called is not.
import t, { type Test } from 'tap';
import { getBody, setDeviceScene, SOFTWARE, valueIn } from './device-scene.ts';
import { type Harness, startHarness } from './harness.ts';
import { comesApart, counted, cpeText, openRawSession, rawConnection, type RawResponse } from './south-tools.ts';

const inform = (serial: string, retryCount: number): string =>
  cpeText(
    `<cwmp:Inform><DeviceId><Manufacturer>Example</Manufacturer><OUI>02C0DE</OUI><ProductClass>Mad</ProductClass><SerialNumber>${serial}</SerialNumber></DeviceId><Event><EventStruct><EventCode>2 PERIODIC</EventCode><CommandKey></CommandKey></EventStruct></Event><MaxEnvelopes>1</MaxEnvelopes><CurrentTime>2026-01-01T00:00:00Z</CurrentTime><RetryCount>${retryCount}</RetryCount><ParameterList></ParameterList></cwmp:Inform>`,
  );

/** Informs of one CPE, each on a connection of its own. */
async function informs(t: Test, harness: Harness, serial: string, times: number): Promise<readonly RawResponse[]> {
  const responses: RawResponse[] = [];
  for (let retry = 0; retry < times; retry += 1) {
    const connection = await rawConnection(t, harness);
    responses.push(await connection.exchange(inform(serial, retry)));
    connection.socket.destroy();
  }
  return responses;
}

t.test('beyond the limit: 503, when to come again, and counted; other CPEs come in', async (t) => {
  const harness = await startHarness(t, { 'cwmp.informsPerMinute': '5' });
  const grown = await counted(harness, ['cwmp_refused'], async () => {
    const responses = await informs(t, harness, 'M1', 8);
    t.same(
      responses.map(({ status }) => status),
      [200, 200, 200, 200, 200, 503, 503, 503],
    );
    const refused = responses[5];
    t.ok(refused !== undefined && comesApart(refused), 'told when to come again');
  });
  t.same(grown, { 'cwmp_refused inform-flood': 3 });
  const connection = await rawConnection(t, harness);
  t.ok(await openRawSession(connection, { serial: 'other' }));
});

t.test('a CPE that is called again and again is let in each time', async (t) => {
  const scene = await setDeviceScene(t, { 'cwmp.informsPerMinute': '1', 'park.idle': '1s' });
  const controller = await scene.controller();
  for (let call = 1; call <= 3; call += 1) {
    t.equal(valueIn(await controller.request(scene.agent, getBody(SOFTWARE)), SOFTWARE), scene.device.get(SOFTWARE));
    if (scene.device.inSession) await scene.device.nextSession();
  }
  t.equal(scene.calls.length, 3);
  t.equal(await scene.counted('cwmp_refused', 'inform-flood'), 0);
});
