// A gateway that is killed while a Download is on its way: it leaves once at most.
import t from 'tap';
import { downloads, killAt, once, startedScene } from './killed-transfer.ts';
import { DEVICE, until } from './scene.ts';

interface ApiRequests {
  readonly requests: readonly { readonly kind: string; readonly state: string }[];
}

t.test('killed when the Download is recorded, and it never reached the CPE: it is not sent again', async (t) => {
  const scene = await startedScene(t);
  const key = await killAt(scene, 'to-cpe', 'cwmp:Download>', 'http://127.0.0.1:9/never', 3600);
  await until(
    async () => (scene.cpe.rpcs.some(({ method }) => method === 'GetAllQueuedTransfers') ? true : undefined),
    'the CPE is asked what it has queued',
  );
  const requests = async (): Promise<string | undefined> =>
    ((await scene.api(`/devices/${DEVICE}/requests`)) as ApiRequests).requests.find(({ kind }) => kind === 'transfer')
      ?.state;
  await until(async () => ((await requests()) === 'unknown' ? true : undefined), 'that the request says so');
  t.match(
    await once(scene, key, 'asked'),
    { detail: /not answered yet/ },
    'nobody can know whether it was done at once',
  );
  t.equal(downloads(scene), 0);
});

t.test('killed when it is taken and the answer is lost: the CPE has it queued', async (t) => {
  const scene = await startedScene(t);
  const key = await killAt(scene, 'to-gateway', 'DownloadResponse', 'http://127.0.0.1:9/later', 3600);
  await once(scene, key, 'pending');
  t.equal(downloads(scene), 1);
  t.ok(scene.cpe.rpcs.some(({ method }) => method === 'GetAllQueuedTransfers'));
});
