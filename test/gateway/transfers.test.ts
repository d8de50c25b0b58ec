// Transfers from the wish to the CPE's report, whole.
import t from 'tap';
import { download, setTransferScene } from './transfer-scene.ts';

const OUR_KEY = /^1[A-Z2-7]{20}01$/;

t.test('firmware: asked for at once, done after the session, told by the device that runs it', async (t) => {
  const scene = await setTransferScene(t);
  const begun = await scene.transfers(
    'POST',
    '',
    download(`${scene.files.url}/fw-9.bin?token=t0ken`, { FileType: '1 Firmware Upgrade Image', FileSize: 8 }),
  );
  t.match(begun, { status: 202, body: { key: OUR_KEY, kind: 'download', state: 'waiting', FaultCode: null } });
  const { key } = begun.body;
  const ended = await scene.once(key, 'succeeded');
  t.match(ended, {
    FaultCode: 0,
    detail: null,
    order: { FileType: '1 Firmware Upgrade Image', URL: `${scene.files.url}/fw-9.bin?…`, FileSize: 8 },
  });
  for (const at of ['askedAt', 'acceptedAt', 'endedAt', 'StartTime', 'CompleteTime'] as const) t.ok(ended[at], at);
  t.equal(scene.device.get('Device.DeviceInfo.SoftwareVersion'), 'fw-9');
  const session = scene.device.sessions.find(({ rpcs }) => rpcs.some(({ method }) => method === 'Download'));
  t.equal(session?.rpcs.at(-1)?.method, 'Download', 'nothing else started in its session');
  t.equal(scene.device.rpcs.filter(({ method }) => method === 'Download').length, 1);
  t.same(scene.device.complaints, []);
  t.equal(await scene.counted('transfer_report', 'by-key'), 1);
  t.equal(await scene.counted('transfer', 'succeeded'), 1);
  const said = JSON.stringify([ended, await scene.transfers('GET'), scene.log]);
  for (const secret of ['pass', 't0ken']) t.notMatch(said, secret, 'neither given back nor logged');
});

t.test('what the CPE reports of a failure', async (t) => {
  const scene = await setTransferScene(t);
  const key = await scene.begin(download(`${scene.files.url}/missing.bin`));
  t.match(await scene.once(key, 'failed'), { FaultCode: 9016, detail: /^CWMP 9016: ./, state: 'failed' });
  t.equal(await scene.counted('transfer', 'failed'), 1);

  t.test('a fault at once', async (t) => {
    scene.device.misbehave({ method: 'Download', answer: 9010 });
    const refused = await scene.begin(download(`${scene.files.url}/fw-9.bin`));
    t.match(await scene.once(refused, 'failed'), { FaultCode: 9010, acceptedAt: null });
    scene.device.behave();
  });
});

t.test('Status 0: done at once, and no TransferComplete is waited for', async (t) => {
  const scene = await setTransferScene(t, {}, { transfersNow: () => true });
  const key = await scene.begin(download(`${scene.files.url}/fw-9.bin`));
  const ended = await scene.once(key, 'succeeded');
  t.match(ended, { acceptedAt: null, StartTime: /^20/, CompleteTime: /^20/ });
  t.equal(await scene.counted('transfer_report', 'by-key'), 0);
});

t.test('an upload, with the credentials of the wish', async (t) => {
  const scene = await setTransferScene(t);
  const key = await scene.begin({
    kind: 'upload',
    FileType: '1 Vendor Configuration File',
    URL: `${scene.files.url}/backup`,
    Username: 'user',
    Password: 'pass',
  });
  await scene.once(key, 'succeeded');
  t.match(scene.files.stored.get('/backup'), 'Device.');
});

t.test('several at once: each in its own session, each told by its key', async (t) => {
  const scene = await setTransferScene(t);
  const keys = [
    await scene.begin(download(`${scene.files.url}/fw-9.bin`)),
    await scene.begin(download(`${scene.files.url}/missing.bin`)),
  ];
  const [one, two] = await Promise.all(keys.map((key) => scene.once(key, 'succeeded', 'failed')));
  t.match([one?.state, two?.state], ['succeeded', 'failed']);
  t.match((await scene.transfers('GET')).body.transfers.length, 2);
  t.equal(scene.device.rpcs.filter(({ method }) => method === 'Download').length, 2);
});

t.test('one more than the cap is refused, and says why', async (t) => {
  const scene = await setTransferScene(t, { 'transfer.cap': '1' });
  const later = download(`${scene.files.url}/fw-9.bin`, { DelaySeconds: 3600 });
  const key = await scene.begin(later);
  t.match(await scene.transfers('POST', '', later), {
    status: 409,
    body: { error: 'too-many-transfers', message: /transfer\.cap/ },
  });
  t.equal(await scene.counted('transfer', 'refused-full'), 1);

  t.test('cancelled, and there is room again', async (t) => {
    await scene.once(key, 'pending');
    t.match(await scene.transfers('DELETE', `/${key}`), { status: 202, body: { state: 'cancelling' } });
    t.match(await scene.once(key, 'cancelled'), { FaultCode: null });
    t.equal(scene.device.rpcs.at(-1)?.method, 'CancelTransfer');
    t.match(await scene.transfers('DELETE', `/${key}`), { status: 409, body: { error: 'ended' } });
    t.equal((await scene.transfers('POST', '', later)).status, 202);
  });
});

t.test('what cannot be asked for is refused with the field that is wrong', async (t) => {
  const scene = await setTransferScene(t);
  const url = 'http://files.example/x';
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [[], /the body is a JSON object/],
    [{}, /kind is one of download, upload/],
    [{ kind: 'download', URL: url, Passwort: 'secret' }, /a field that is none of/],
    [{ kind: 'download', URL: url }, /FileType is missing/],
    [download(''), /URL is missing/],
    [download('nowhere'), /URL is none/],
    [download('http://u:secret@files.example/'), /may hold no credentials/],
    [download('file:///etc/passwd'), /by http, https, ftp, sftp or tftp/],
    [download(`${url}${'x'.repeat(256)}`), /URL is longer than the 256/],
    [download(url, { Password: 'secret\n' }), /Password holds a character/],
    [download(url, { DelaySeconds: 8 * 86_400 }), /up to transfer\.keep/],
    [download(url, { FileSize: -1 }), /FileSize is/],
    [download(url, { FileSize: '1' }), /FileSize is a number/],
    [{ kind: 'schedule-download', FileType: '1', URL: url }, /one window or two/],
    [
      { kind: 'schedule-download', FileType: '1', URL: url, TimeWindowList: [{ WindowStart: 5, WindowEnd: 5 }] },
      /begins before it ends/,
    ],
    [{ kind: 'change-du-state', Operation: 'Remove' }, /Operation is one of/],
    [{ kind: 'change-du-state', Operation: 'Uninstall' }, /UUID is missing/],
    [{ kind: 'change-du-state', Operation: 'Install' }, /URL is missing/],
  ];
  for (const [body, message] of cases) {
    const answer = await scene.transfers('POST', '', body);
    t.match(answer, { status: 400, body: { error: 'bad-request', message } }, String(message));
    t.notMatch(JSON.stringify(answer.body), 'secret');
  }
  t.match((await scene.transfers('GET')).body, { transfers: [] });
  t.equal((await scene.transfers('GET', '/nothing')).status, 404);
  t.equal((await scene.transfers('DELETE', '/nothing')).status, 404);
});
