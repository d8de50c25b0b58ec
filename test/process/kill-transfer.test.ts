// A gateway that is killed when the CPE has been asked: the end is heard by the next run.
import t from 'tap';
import { startTransferFiles } from '../gateway/transfer-scene.ts';
import { begin, downloads, killAt, once, startedScene } from './killed-transfer.ts';

t.test('killed while the CPE does it: the next run hears of the end', async (t) => {
  const scene = await startedScene(t);
  const files = await startTransferFiles(t);
  const transferred = scene.cpe.waitFor('transfer');
  const key = await begin(scene, `${files.url}/missing.bin`, 2);
  await once(scene, key, 'pending');
  // The first look may see what is written at the end of that turn of the gateway; a second one comes in a later turn.
  await once(scene, key, 'pending');
  await scene.kill();
  await transferred;
  await scene.startAgain();
  t.match(await once(scene, key, 'failed'), { FaultCode: 9016, acceptedAt: /^20/ });
  t.equal(downloads(scene), 1);
});

t.test('killed when it is done and the answer was lost: the report tells', async (t) => {
  const scene = await startedScene(t);
  const files = await startTransferFiles(t);
  const key = await killAt(scene, 'to-gateway', 'DownloadResponse', `${files.url}/fw-9.bin`);
  t.match(await once(scene, key, 'succeeded'), { FaultCode: 0, StartTime: /^20/ });
  t.equal(downloads(scene), 1);
  t.same(scene.cpe.complaints, []);
});
