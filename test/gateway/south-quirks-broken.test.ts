// Rows 10 to 13 of the list of quirks: RPCs that are not answered, what must not be sent, lengths that lie, sessions that
// are abandoned; by the bytes.
import t from 'tap';
import { startHarness } from './harness.ts';
import {
  bystander,
  counted,
  cpeText,
  informText,
  openRawSession,
  rawConnection,
  rpcOf,
  untilCounted,
} from './south-tools.ts';

const COUNTED = ['cwmp_refused', 'cwmp_session_end', 'cwmp_rpc', 'failure'];
const pathOf = (body: string): string => /<ParameterPath>(.*?)<\/ParameterPath>/.exec(body)?.[1] ?? '(none)';

t.test('row 10: an RPC that is answered with an empty POST, or with the end of the connection', async (t) => {
  const harness = await startHarness(t);

  t.test('empty POSTs for ever: no RPC comes twice, and the session ends', async (t) => {
    const connection = await rawConnection(t, harness);
    const cookie = await openRawSession(connection, { serial: 'ROW10' });
    const bodies: string[] = [];
    const grown = await counted(harness, COUNTED, async () => {
      let answer = await connection.exchange('', { Cookie: cookie });
      for (; answer.status === 200; answer = await connection.exchange('', { Cookie: cookie }))
        bodies.push(answer.body);
      t.equal(answer.status, 204);
    });
    const asked = bodies.map((body) => body.replace(/<cwmp:ID.*?<\/cwmp:ID>/, ''));
    t.equal(new Set(asked).size, asked.length, 'none is sent again');
    t.same(grown, { 'cwmp_rpc empty': asked.length, 'cwmp_session_end done': 1 });
  });

  t.test('the connection closed: the RPC is lost, the CPE is taken when it comes again', async (t) => {
    const connection = await rawConnection(t, harness);
    const cookie = await openRawSession(connection, { serial: 'ROW10' });
    t.match(rpcOf(await connection.exchange('', { Cookie: cookie })), /^Get/);
    connection.socket.destroy();
    const grown = await counted(harness, COUNTED, async () => {
      await openRawSession(await rawConnection(t, harness), { serial: 'ROW10' });
      await untilCounted(harness, 'cwmp_rpc lost-displaced', 1);
    });
    t.same(grown, { 'cwmp_session_end displaced': 1, 'cwmp_rpc lost-displaced': 1 });
  });
});

t.test('row 11: never an empty ParameterPath, never a partial path to read values of', async (t) => {
  const harness = await startHarness(t);
  const informs = {
    'Device.': { 'Device.DeviceInfo.SoftwareVersion': '1' },
    'InternetGatewayDevice.': { 'InternetGatewayDevice.DeviceInfo.SoftwareVersion': '1' },
    '': {},
  };
  for (const [root, values] of Object.entries(informs)) {
    const connection = await rawConnection(t, harness);
    await openRawSession(connection, { serial: `ROW11${root}`, values });
    const bodies: string[] = [];
    for (let answer = await connection.exchange(''); answer.status === 200; answer = await connection.exchange('')) {
      bodies.push(answer.body);
    }
    const paths = bodies.filter((body) => body.includes('<cwmp:GetParameterNames>')).map(pathOf);
    t.strictSame(new Set(paths), new Set(root === '' ? [] : [root]), root);
    for (const body of bodies) t.notMatch(body, /<ParameterNames.*\.<\/string>/);
  }
});

t.test('row 12: a Content-Length that counts characters, not bytes', async (t) => {
  const harness = await startHarness(t);
  const noticesNothing = await bystander(t, harness);
  const values = { 'Device.DeviceInfo.SoftwareVersion': 'é'.repeat(30) };
  for (const within of [false, true]) {
    for (const pieces of [1, 2]) {
      const connection = await rawConnection(t, harness);
      const cookie = within ? await openRawSession(connection, { serial: 'ROW12' }) : '';
      const body = within
        ? cpeText(`<cwmp:RequestDownload><FileType>${'é'.repeat(30)}</FileType></cwmp:RequestDownload>`)
        : informText({ serial: 'ROW12', values });
      const grown = await counted(harness, COUNTED, async () => {
        const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\nCookie: ${cookie}\r\n\r\n`;
        const bytes = Buffer.concat([Buffer.from(head), Buffer.from(body)]);
        const cut = pieces === 1 ? bytes.length : bytes.length - 30;
        connection.send(bytes.subarray(0, cut));
        if (cut < bytes.length) setTimeout(() => connection.send(bytes.subarray(cut)), 30);
        t.equal((await connection.response()).status, 400);
        await connection.ended();
        if (within) await untilCounted(harness, 'cwmp_session_end malformed', pieces);
      });
      const refusals = Object.entries(grown).filter(([name]) => name.startsWith('cwmp_refused'));
      t.match(refusals, [[/truncated|not-http/, 1]], `one reason, in ${pieces}, ${within ? 'a session' : 'none'}`);
      t.equal(refusals.length, 1);
      await noticesNothing(t);
    }
  }
  t.equal((await (await rawConnection(t, harness)).exchange(informText({ serial: 'ROW12' }))).status, 200);
});

t.test('row 13: sessions abandoned half-way, and new ones in quick succession on one connection', async (t) => {
  const harness = await startHarness(t, { 'session.idle': '1s' });
  const connection = await rawConnection(t, harness);
  const called = informText({ serial: 'ROW13', events: ['6 CONNECTION REQUEST'] });
  t.equal(rpcOf(await connection.exchange(called)), 'InformResponse', 'and no empty POST');
  const boot = informText({ serial: 'ROW13', events: ['1 BOOT', 'M Reboot'] });
  const grown = await counted(harness, ['cwmp_session_end', 'cwmp_informs'], async () => {
    for (let round = 0; round < 3; round += 1) t.equal(rpcOf(await connection.exchange(boot)), 'InformResponse');
  });
  t.same(grown, { 'cwmp_session_end displaced': 3, 'cwmp_informs 1 BOOT': 3 });
  t.match(rpcOf(await connection.exchange('')), /^Get/, 'the last one counts');
  const elsewhere = await rawConnection(t, harness);
  await elsewhere.exchange(called);
  await untilCounted(harness, 'cwmp_session_end silent', 1);
  t.match(await elsewhere.exchange(''), { status: 204 }, 'abandoned, it ends by itself');
});
