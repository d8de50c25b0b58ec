// Download and Upload: accepted in a session, run after it, told in a later one.
import t from 'tap';
import { startFileServer } from './file-server.ts';
import { startPair } from './pair.ts';
import { rpc, type AcsPost } from './scripted-acs.ts';
import { childOf, textOf } from './soap-read.ts';

const FILES = { '/fw-4.0.0.bin': 'FIRMWARE', '/locked/fw.bin': 'FIRMWARE' };

const download = (url: string, more: Readonly<Record<string, string | number>> = {}): string =>
  rpc('Download', {
    CommandKey: 'dl',
    FileType: '1 Firmware Upgrade Image',
    URL: url,
    Username: '',
    Password: '',
    FileSize: 0,
    TargetFileName: '',
    DelaySeconds: 0,
    SuccessURL: '',
    FailureURL: '',
    ...more,
  });
const upload = (url: string, fileType: string): string =>
  rpc('Upload', { CommandKey: 'ul', FileType: fileType, URL: url, Username: '', Password: '', DelaySeconds: 0 });
const code = (post: AcsPost | undefined): string | undefined =>
  textOf(childOf(childOf(post?.content, 'detail'), 'Fault'), 'FaultCode');
const faultCode = (post: AcsPost | undefined): string | undefined =>
  textOf(childOf(post?.content, 'FaultStruct'), 'FaultCode');

t.test('firmware: fetched after the session, told of by the device that runs it', async (t) => {
  const files = await startFileServer(t, '/locked', FILES);
  const { acs, cpe, session } = await startPair(t);
  const told = cpe.waitFor('session-ended', ({ session: number }) => number === 2);
  const power = cpe.waitFor('power', ({ state }) => state === 'rebooting');
  await session('2 PERIODIC', download(`${files.url}/fw-4.0.0.bin`, { FileSize: 8 }), rpc('GetAllQueuedTransfers'));
  t.equal(textOf(acs.post('DownloadResponse')?.content, 'Status'), '1');
  t.equal(textOf(acs.post('DownloadResponse')?.content, 'StartTime'), '0001-01-01T00:00:00Z');
  const [queued] = childOf(acs.post('GetAllQueuedTransfersResponse')?.content, 'TransferList')?.children ?? [];
  t.same(
    queued?.children.map(({ local, text }) => `${local} ${text}`),
    ['CommandKey dl', 'State 1', 'IsDownload 1', 'FileType 1 Firmware Upgrade Image', 'FileSize 8', 'TargetFileName '],
  );
  await power;
  t.same((await told).events, [
    { code: '1 BOOT', commandKey: '' },
    { code: '4 VALUE CHANGE', commandKey: '' },
    { code: '7 TRANSFER COMPLETE', commandKey: '' },
    { code: 'M Download', commandKey: 'dl' },
  ]);
  const methods = acs.posts.map(({ method }) => method).slice(-3);
  t.same(methods, ['Inform', 'TransferComplete', ''], 'before the empty POST');
  t.equal(faultCode(acs.post('TransferComplete')), '0');
  t.equal(cpe.get('Device.DeviceInfo.SoftwareVersion'), 'fw-4.0.0');
});

t.test('what can go wrong with a file', async (t) => {
  const files = await startFileServer(t, '/locked', FILES);
  const cases: readonly [string, Readonly<Record<string, string | number>>, string][] = [
    ['/missing.bin', {}, '9016'],
    ['/fw-4.0.0.bin', { FileSize: 9 }, '9018'],
    ['/locked/fw.bin', {}, '9012'],
    ['/locked/fw.bin', { Username: 'user', Password: 'pass', FileType: '3 Vendor Configuration File' }, '0'],
  ];
  for (const [path, more, expected] of cases) {
    const { acs, cpe, session } = await startPair(t);
    const told = cpe.waitFor('session-ended', ({ session: number }) => number === 2);
    await session('2 PERIODIC', download(files.url + path, more));
    await told;
    t.equal(faultCode(acs.post('TransferComplete')), expected, path);
  }
  const { acs, cpe, session } = await startPair(t);
  const told = cpe.waitFor('session-ended', ({ session: number }) => number === 2);
  await session('2 PERIODIC', download('http://127.0.0.1:9/'));
  await told;
  t.equal(faultCode(acs.post('TransferComplete')), '9015');
});

t.test('orders it does not take', async (t) => {
  const { answers } = await startPair(t);
  const refused = await answers(
    download('ftp://127.0.0.1/x'),
    download('no url'),
    download('http://user:pass@127.0.0.1/x'),
    download('http://127.0.0.1/x', { FileSize: -1 }),
  );
  t.same(refused.map(code), ['9013', '9003', '9003', '9003']);
});

t.test('Status 0: done within the session, no TransferComplete', async (t) => {
  const files = await startFileServer(t, '/locked', FILES);
  const { acs, cpe, answers } = await startPair(t, { transfersNow: () => true });
  const [done] = await answers(download(`${files.url}/fw-4.0.0.bin`, { FileType: '2 Web Content' }));
  t.equal(textOf(done?.content, 'Status'), '0');
  t.not(textOf(done?.content, 'CompleteTime'), '0001-01-01T00:00:00Z');
  cpe.inform('2 PERIODIC');
  await cpe.nextSession();
  t.equal(acs.post('TransferComplete'), undefined);
});

t.test('a configuration goes out and comes back', async (t) => {
  const files = await startFileServer(t, '/locked', FILES);
  const { cpe, session } = await startPair(t);
  let told = cpe.waitFor('session-ended', ({ session: number }) => number === 2);
  await session('2 PERIODIC', upload(`${files.url}/backup`, '1 Vendor Configuration File'));
  t.same((await told).events.at(-1), { code: 'M Upload', commandKey: 'ul' });
  t.match(files.stored.get('/backup'), 'Device.Time.NTPServer1\tntp1.example.net\n');
  t.notMatch(files.stored.get('/backup'), 'meadow-secret');
  cpe.setLocally('Device.Time.NTPServer1', 'lost.example.net');
  told = cpe.waitFor('session-ended', ({ session: number }) => number === 4);
  await session('2 PERIODIC', download(`${files.url}/backup`, { FileType: '3 Vendor Configuration File' }));
  await told;
  t.equal(cpe.get('Device.Time.NTPServer1'), 'ntp1.example.net');

  t.test('a file it does not have', async (t) => {
    const { acs, cpe: other, session: order } = await startPair(t);
    const end = other.waitFor('session-ended', ({ session: number }) => number === 2);
    await order('2 PERIODIC', upload(`${files.url}/x`, '7 Nothing'));
    await end;
    t.equal(faultCode(acs.post('TransferComplete')), '9011');
  });
});

t.test('cancelled before it starts; not found is no fault', async (t) => {
  const { cpe, answers } = await startPair(t);
  const [, , cancelled, again] = await answers(
    download('http://127.0.0.1:9/', { DelaySeconds: 600 }),
    rpc('GetQueuedTransfers'),
    rpc('CancelTransfer', { CommandKey: 'dl' }),
    rpc('CancelTransfer', { CommandKey: 'dl' }),
  );
  t.same([cancelled?.method, again?.method], ['CancelTransferResponse', 'CancelTransferResponse']);
  const [queued] = await answers(rpc('GetQueuedTransfers'));
  t.equal(childOf(queued?.content, 'TransferList')?.children.length, 0);
  t.same(cpe.complaints, []);
});

t.test('two transfers in one report, and one that nobody answered is told again', async (t) => {
  const files = await startFileServer(t, '/locked', FILES);
  const { acs, cpe, session } = await startPair(t);
  let ignored = 1;
  acs.intercept(({ method }) => (method === 'TransferComplete' && (ignored -= 1) >= 0 ? { status: 500 } : undefined));
  const order = { FileType: '2 Web Content' };
  const done = cpe.waitFor(
    'session-ended',
    ({ ok, events }) => ok && events.some(({ code: event }) => event.startsWith('7')),
  );
  await session(
    '2 PERIODIC',
    download(`${files.url}/fw-4.0.0.bin`, { ...order, CommandKey: 'one' }),
    download(`${files.url}/fw-4.0.0.bin`, { ...order, CommandKey: 'two' }),
  );
  const { retryCount, events } = await done;
  const keys = acs.posts
    .filter(({ method }) => method === 'TransferComplete')
    .map(({ content }) => textOf(content, 'CommandKey'));
  t.ok(retryCount >= 1);
  t.equal(keys[0], keys[1], 'the first was told twice');
  t.ok(keys.includes('one'));
  t.ok(events.some(({ code: event }) => event === 'M Download'));
});
