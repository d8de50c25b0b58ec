// How CPEs report the end of transfers (quirk 27), and what is made of it.
import t from 'tap';
import { type AcsRequest, autonomousTransferComplete, transferComplete } from '../cpe/acs-requests.ts';
import { event } from '../cpe/events.ts';
import { text } from '../cpe/soap-content.ts';
import { download, setTransferScene, type TransferScene } from './transfer-scene.ts';

const AT = Date.UTC(2026, 0, 1);
const complete = (commandKey: string, faultCode = 0): AcsRequest =>
  transferComplete(
    { commandKey, isDownload: true, faultCode, faultText: '', startedAt: AT, completedAt: AT + faultCode },
    true,
  );

/** A transfer that the CPE has agreed to, and begins an hour from now. */
async function pending(scene: TransferScene): Promise<string> {
  const key = await scene.begin(download(`${scene.files.url}/fw-9.bin`, { DelaySeconds: 3600 }));
  await scene.once(key, 'pending');
  return key;
}

/** The CPE says this in one session, whose events announce it, and is let go. */
async function tell(scene: TransferScene, ...requests: readonly AcsRequest[]): Promise<void> {
  const announced = requests.flatMap(({ events }) => events.map(({ code, commandKey }) => code + commandKey));
  const over = scene.device.waitFor('session-ended', ({ events }) => {
    const told = events.map(({ code, commandKey }) => code + commandKey);
    return announced.every((wanted) => told.includes(wanted));
  });
  for (const request of requests) scene.device.ask(request);
  await over;
}

t.test('without CommandKey: it is that of the only one that is pending', async (t) => {
  const scene = await setTransferScene(t, {}, { losesCommandKeys: true });
  const key = await scene.begin(download(`${scene.files.url}/missing.bin`));
  t.match(await scene.once(key, 'failed'), { FaultCode: 9016 });
  t.equal(await scene.counted('transfer_report', 'only-pending'), 1);
});

t.test('without CommandKey while two are pending: stored and answered, and nothing is guessed', async (t) => {
  const scene = await setTransferScene(t);
  const keys = [await pending(scene), await pending(scene)];
  await tell(scene, complete(''));
  t.equal(await scene.counted('transfer_report', 'several-pending'), 1);
  for (const key of keys) await scene.once(key, 'pending');

  t.test('both in one session, by their keys, before the empty POST', async (t) => {
    const [first = '', second = ''] = keys;
    await tell(scene, complete(second, 9010), complete(first));
    t.match(await scene.once(first, 'succeeded'), { FaultCode: 0 });
    t.match(await scene.once(second, 'failed'), { FaultCode: 9010, FaultString: 'File transfer failure' });
    t.equal(await scene.counted('transfer_report', 'by-key'), 2);
  });

  t.test('told again, or once more otherwise: the first end stays', async (t) => {
    const [first = '', second = ''] = keys;
    const later = await pending(scene);
    await tell(scene, complete(second, 9010));
    await tell(scene, complete(first, 9018));
    t.equal(await scene.counted('transfer_report', 'repeat'), 1);
    t.equal(await scene.counted('transfer_report', 'ended'), 1);
    await scene.once(first, 'succeeded');
    await scene.once(later, 'pending');
    await tell(scene, complete(later));
    await scene.once(later, 'succeeded');
  });
});

t.test('in a session whose events tell of no transfer', async (t) => {
  const scene = await setTransferScene(t);
  const key = await pending(scene);
  await tell(scene, { ...complete(key), events: [event('8 DIAGNOSTICS COMPLETE')] });
  await scene.once(key, 'succeeded');
});

t.test('what the CPE did by itself ends nothing', async (t) => {
  const scene = await setTransferScene(t);
  const key = await pending(scene);
  const autonomous = autonomousTransferComplete({
    ...{ isDownload: true, faultCode: 0, faultText: '', startedAt: AT, completedAt: AT },
    ...{
      announceUrl: '',
      transferUrl: 'http://a/',
      fileType: '1 Firmware Upgrade Image',
      fileSize: 0,
      targetFileName: '',
    },
  });
  const units = { method: 'AutonomousDUStateChangeComplete', content: [text('Results', '')], events: [] };
  await tell(scene, autonomous, units);
  await scene.once(key, 'pending');
  t.equal(await scene.counted('transfer_report', 'by-key'), 0);
});
