// Acknowledged means safe (DESIGN mechanism 6): what a CPE tells is answered when it is in the store, and 503 when it
// cannot be; what the CPE repeats is told from what is new.
import t, { type Test } from 'tap';
import { CausewayError } from '../../proxy/errors.ts';
import { type Deferred, deferred } from '../../proxy/operate/deferred.ts';
import { type South, startSouth } from './south-store.ts';
import {
  comesApart,
  cookieOf,
  counted,
  cpeText,
  informText,
  rawConnection,
  type RawConnection,
  rpcOf,
} from './south-tools.ts';

const COUNTED = ['cwmp_refused', 'cwmp_session_end', 'cwmp_informs', 'failure'];

const transfer = (key: string): string =>
  cpeText(
    `<cwmp:TransferComplete><CommandKey>${key}</CommandKey><FaultStruct><FaultCode>0</FaultCode><FaultString></FaultString></FaultStruct><StartTime>2026-01-01T00:00:00Z</StartTime><CompleteTime>2026-01-01T00:00:01Z</CompleteTime></cwmp:TransferComplete>`,
  );
const REPORTS = {
  TransferComplete: transfer('k'),
  AutonomousTransferComplete: cpeText(
    '<cwmp:AutonomousTransferComplete><AnnounceURL></AnnounceURL><TransferURL>http://a/</TransferURL><IsDownload>1</IsDownload><FileType>1 Firmware Upgrade Image</FileType><FileSize>0</FileSize><TargetFileName></TargetFileName><FaultStruct><FaultCode>0</FaultCode><FaultString></FaultString></FaultStruct><StartTime>2026-01-01T00:00:00Z</StartTime><CompleteTime>2026-01-01T00:00:01Z</CompleteTime></cwmp:AutonomousTransferComplete>',
  ),
  DUStateChangeComplete: cpeText(
    '<cwmp:DUStateChangeComplete><Results></Results><CommandKey>k</CommandKey></cwmp:DUStateChangeComplete>',
  ),
  AutonomousDUStateChangeComplete: cpeText(
    '<cwmp:AutonomousDUStateChangeComplete><Results></Results></cwmp:AutonomousDUStateChangeComplete>',
  ),
};

const away = (): Promise<never> => Promise.reject(new CausewayError('CAUSEWAY_STORE_AWAY', 'a test took it away'));
const bug = (): Promise<never> => Promise.reject(new TypeError('a bug'));

/** The step runs, and says that it has only when the gate opens. */
function hold(south: South, step: 'saveInform' | 'saveReport'): { readonly saved: Deferred<undefined>; open(): void } {
  const [saved, gate] = [deferred<undefined>(), deferred<undefined>()];
  south.rules.set(step, async (run) => {
    const result = await run();
    saved.resolve(undefined);
    await gate.promise;
    return result;
  });
  return {
    saved,
    open: () => {
      south.rules.delete(step);
      gate.resolve(undefined);
    },
  };
}

async function session(
  t: Test,
  south: South,
  serial: string,
): Promise<(body: string) => ReturnType<RawConnection['exchange']>> {
  const connection = await rawConnection(t, south);
  const Cookie = cookieOf(await connection.exchange(informText({ serial })));
  return (body) => connection.exchange(body, { Cookie });
}

t.test('nothing is answered before it is saved', async (t) => {
  const south = await startSouth(t);
  const beside = await session(t, south, 'BESIDE');
  const connection = await rawConnection(t, south);

  const inform = hold(south, 'saveInform');
  connection.post(informText({ serial: 'SAFE' }));
  await inform.saved.promise;
  t.equal(rpcOf(await beside(cpeText('<cwmp:GetRPCMethods/>'))), 'GetRPCMethodsResponse');
  t.equal(connection.socket.bytesRead, 0, 'no byte of an answer');
  inform.open();
  const opened = await connection.response();
  t.equal(rpcOf(opened), 'InformResponse');

  for (const [method, body] of Object.entries(REPORTS)) {
    const before = connection.socket.bytesRead;
    const report = hold(south, 'saveReport');
    connection.post(body, { Cookie: cookieOf(opened) });
    await report.saved.promise;
    t.equal(rpcOf(await beside(cpeText('<cwmp:GetRPCMethods/>'))), 'GetRPCMethodsResponse');
    t.equal(connection.socket.bytesRead, before, method);
    report.open();
    t.equal(rpcOf(await connection.response()), `${method}Response`);
  }
});

t.test('while the store is away', async (t) => {
  const south = await startSouth(t);

  t.test('an Inform gets 503, and no session', async (t) => {
    const connection = await rawConnection(t, south);
    south.rules.set('saveInform', away);
    const grown = await counted(south, COUNTED, async () => {
      const answer = await connection.exchange(informText({ serial: 'AWAY' }));
      t.match(answer, { status: 503, body: 'store-away\n' });
      t.ok(comesApart(answer), 'told when to come again');
      t.equal(cookieOf(answer), '');
    });
    t.same(grown, { 'cwmp_refused store-away': 1 });
    south.rules.clear();
    const again = await connection.exchange(informText({ serial: 'AWAY', retryCount: 1 }));
    t.equal(rpcOf(again), 'InformResponse', 'on the same connection once it is back');
  });

  t.test('a report gets 503, and its session is over', async (t) => {
    const say = await session(t, south, 'AWAY');
    south.rules.set('saveReport', away);
    const grown = await counted(south, COUNTED, async () => {
      t.match(await say(transfer('a')), { status: 503, body: 'store-away\n' });
    });
    t.same(grown, { 'cwmp_refused store-away': 1, 'cwmp_session_end store-away': 1 });
    south.rules.clear();
    t.equal((await say('')).status, 204);
    t.equal(rpcOf(await (await session(t, south, 'AWAY'))(transfer('a'))), 'TransferCompleteResponse');
  });
  t.notOk(
    south.log.some((line) => line.includes('"level":"error"')),
    'which is no error of ours',
  );
});

t.test('a report of a device that another node has taken', async (t) => {
  const south = await startSouth(t);
  const say = await session(t, south, 'TAKEN');
  south.rules.set('saveReport', () => Promise.resolve('stale'));
  const grown = await counted(south, COUNTED, async () => {
    t.match(await say(transfer('a')), { status: 503, body: 'displaced\n' });
  });
  t.same(grown, { 'cwmp_refused displaced': 1, 'cwmp_session_end displaced': 1 });
});

t.test('a bug while saving ends one session, is logged, and loses nothing', async (t) => {
  const south = await startSouth(t);
  const beside = await session(t, south, 'BESIDE');
  const say = await session(t, south, 'BUG');
  south.rules.set('saveReport', bug);
  t.same(await counted(south, COUNTED, async () => t.equal((await say(transfer('a'))).status, 503)), {
    'cwmp_refused failed': 1,
    'cwmp_session_end failed': 1,
    'failure report': 1,
  });
  south.rules.set('saveInform', bug);
  const connection = await rawConnection(t, south);
  t.same(
    await counted(south, COUNTED, async () => {
      t.match(await connection.exchange(informText({ serial: 'BUG' })), { status: 503, body: 'internal\n' });
    }),
    { 'failure post': 1 },
  );
  t.equal(south.log.filter((line) => line.includes('a bug')).length, 2);
  t.equal(rpcOf(await beside('')), 'GetRPCMethods', 'the session beside it noticed nothing');
});

t.test('what is repeated is told from what is new', async (t) => {
  const south = await startSouth(t);
  const results: unknown[] = [];
  const listen = async (run: () => Promise<unknown>): Promise<unknown> => {
    const result = await run();
    results.push(typeof result === 'object' && result !== null && 'repeat' in result ? result.repeat : result);
    return result;
  };
  south.rules.set('saveInform', listen).set('saveReport', listen);
  const inform = { serial: 'TOLD', events: ['1 BOOT'], values: { 'Device.DeviceInfo.SoftwareVersion': '1' } };
  const connection = await rawConnection(t, south);
  for (const [what, repeat] of [
    [inform, false],
    [{ ...inform, retryCount: 1 }, true],
    [{ ...inform, retryCount: 2 }, true],
    [{ ...inform, retryCount: 2, events: ['1 BOOT', '4 VALUE CHANGE'] }, false],
    [{ ...inform, retryCount: 3, values: { 'Device.DeviceInfo.SoftwareVersion': '2' } }, false],
    [{ ...inform, retryCount: 0, values: { 'Device.DeviceInfo.SoftwareVersion': '2' } }, false],
  ] as const) {
    t.equal(rpcOf(await connection.exchange(informText(what))), 'InformResponse');
    t.equal(results.pop(), repeat, JSON.stringify(what));
  }
  for (const [key, result] of [
    ['a', 'done'],
    ['a', 'repeat'],
    ['b', 'done'],
  ] as const) {
    t.equal(rpcOf(await connection.exchange(transfer(key))), 'TransferCompleteResponse');
    t.equal(results.pop(), result, key);
  }

  // What tells of no ended work is a repeat only where the CPE has not heard our answer: within its session.
  const kicked = cpeText('<cwmp:Kicked><Command>c</Command><Referer></Referer><Arg></Arg><Next>n</Next></cwmp:Kicked>');
  const request = cpeText(
    '<cwmp:RequestDownload><FileType>1 Firmware Upgrade Image</FileType><FileTypeArg></FileTypeArg></cwmp:RequestDownload>',
  );
  for (const which of ['one session', 'another']) {
    t.equal(rpcOf(await connection.exchange(informText({ serial: 'TOLD' }))), 'InformResponse');
    for (const body of [kicked, request]) {
      for (const result of ['done', 'repeat']) {
        t.match(rpcOf(await connection.exchange(body)), /^(Kicked|RequestDownload)Response$/);
        t.equal(results.pop(), result, which);
      }
    }
  }
  t.equal(rpcOf(await connection.exchange(informText({ serial: 'TOLD' }))), 'InformResponse');
  t.equal(rpcOf(await connection.exchange(transfer('b'))), 'TransferCompleteResponse');
  t.equal(results.pop(), 'repeat', 'ended work is the same in every session');
});

t.test('a report that is too large to be kept is refused, and its session goes on', async (t) => {
  const south = await startSouth(t);
  const saved: unknown[] = [];
  south.rules.set('saveReport', async (run) => {
    const result = await run();
    saved.push(result);
    return result;
  });
  const say = await session(t, south, 'LARGE');
  const sized = (length: number): string => transfer('k').replace('<FaultString>', `$&${'x'.repeat(length)}`);
  const grown = await counted(south, COUNTED, async () => {
    const answer = await say(sized(256 * 1024));
    t.match([answer.status, rpcOf(answer)], [200, 'Fault']);
    t.match(answer.body, /<FaultCode>8004</);
    t.match(answer.body, /<cwmp:ID [^>]*>1</, 'with the ID of the request');
  });
  t.same(grown, { 'cwmp_refused report-too-large': 1 });
  t.same(saved, []);
  t.equal(rpcOf(await say(sized(255 * 1024))), 'TransferCompleteResponse');
  t.same(saved, ['done']);
});
