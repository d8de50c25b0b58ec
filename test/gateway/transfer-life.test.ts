// How long a transfer lives when its CPE does not come, does not report, or does not want to.
import t from 'tap';
import { download, setTransferScene } from './transfer-scene.ts';

t.test('a wish waits for a CPE that cannot be called, and is asked for when it comes', async (t) => {
  const scene = await setTransferScene(t, {}, { connectionRequest: false });
  const key = await scene.begin(download(`${scene.files.url}/fw-9.bin`));
  const waiting = await scene.once(key, 'waiting');
  t.match(waiting.detail, /^it is asked for when the device comes: the device did not come/);
  scene.device.inform('2 PERIODIC');
  t.match(await scene.once(key, 'succeeded'), { FaultCode: 0 });
  t.equal(scene.device.rpcs.filter(({ method }) => method === 'Download').length, 1);

  t.test('cancelled while it waits: the CPE never hears of it', async (t) => {
    const never = await scene.begin(download(`${scene.files.url}/fw-9.bin`));
    t.match(await scene.transfers('DELETE', `/${never}`), { status: 200, body: { state: 'cancelled', request: null } });
    const session = scene.device.nextSession();
    scene.device.inform('2 PERIODIC');
    await session;
    t.match(await scene.once(never, 'cancelled'), { askedAt: null });
    t.equal(scene.device.rpcs.filter(({ method }) => method === 'Download').length, 1);
  });
});

t.test('it expires: never asked for, or never reported', async (t) => {
  const scene = await setTransferScene(t, { 'transfer.keep': '1s' });
  const asked = await scene.begin(download(`${scene.files.url}/fw-9.bin`, { DelaySeconds: 1 }));
  await scene.device.stop();
  const unasked = await scene.begin(download(`${scene.files.url}/fw-9.bin`));
  t.match(await scene.once(unasked, 'expired'), { detail: 'the device did not come in time', FaultCode: null });
  await scene.once(asked, 'expired');
  t.equal(await scene.counted('transfer', 'expired'), 2);
});

t.test('a CPE that does not let it be cancelled goes on with it', async (t) => {
  const scene = await setTransferScene(t);
  const key = await scene.begin(download(`${scene.files.url}/fw-9.bin`, { DelaySeconds: 3600 }));
  await scene.once(key, 'pending');
  scene.device.misbehave({ method: 'CancelTransfer', answer: 9021 });
  const { status, body } = await scene.transfers('DELETE', `/${key}`);
  t.equal(status, 202);
  const request = `${scene.apiUrl}/requests/${encodeURIComponent(body.request ?? '')}`;
  const said = async (): Promise<{ readonly state: string; readonly error: string }> =>
    (await (await fetch(request)).json()) as { readonly state: string; readonly error: string };
  while (['waiting', 'running'].includes((await said()).state)) await new Promise((resolve) => setImmediate(resolve));
  t.match(await said(), { state: 'failed', error: /^CWMP 9021: ./ });
  await scene.once(key, 'pending');
});

t.test('a CPE that knows no such RPC', async (t) => {
  const scene = await setTransferScene(t);
  const key = await scene.begin({
    kind: 'schedule-download',
    FileType: '1 Firmware Upgrade Image',
    URL: `${scene.files.url}/fw-9.bin`,
    TimeWindowList: [{ WindowStart: 0, WindowEnd: 60, WindowMode: '1 At Any Time' }],
  });
  t.match(await scene.once(key, 'failed'), { FaultCode: 9000, kind: 'schedule-download' });
});
