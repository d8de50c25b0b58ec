// What a CPE can do wrong with its session: each has its answer and one counted reason, and another session that is
// under way beside it goes on.
import t, { type Test } from 'tap';
import { type Harness, startHarness } from './harness.ts';
import {
  comesApart,
  cookieOf,
  bystander,
  counted,
  cpeText,
  goesOn,
  informText,
  openRawSession,
  type RawConnection,
  rawConnection,
  type RawResponse,
  rpcOf,
  untilCounted,
} from './south-tools.ts';

const COUNTED = ['cwmp_refused', 'cwmp_session_end', 'cwmp_rpc', 'failure'];

const TRANSFER = cpeText(
  '<cwmp:TransferComplete><CommandKey>k</CommandKey><FaultStruct><FaultCode>0</FaultCode><FaultString></FaultString></FaultStruct><StartTime>2026-01-01T00:00:00Z</StartTime><CompleteTime>2026-01-01T00:00:01Z</CompleteTime></cwmp:TransferComplete>',
);
const REBOOTED = cpeText('<cwmp:RebootResponse></cwmp:RebootResponse>');
const METHODS = cpeText(
  '<cwmp:GetRPCMethodsResponse><MethodList><string>Reboot</string></MethodList></cwmp:GetRPCMethodsResponse>',
);
const NAMES = cpeText(
  '<cwmp:GetParameterNamesResponse><ParameterList><ParameterInfoStruct><Name>Device.DeviceInfo.SoftwareVersion</Name><Writable>0</Writable></ParameterInfoStruct></ParameterList></cwmp:GetParameterNamesResponse>',
);

interface Scene {
  readonly harness: Harness;
  /** What is counted meanwhile, and that the neighbour notices nothing. */
  readonly growth: (t: Test, run: () => Promise<unknown>) => Promise<Readonly<Record<string, number>>>;
  /** A session with `GetRPCMethods` outstanding. */
  readonly called: (
    t: Test,
    serial: string,
  ) => Promise<{ readonly connection: RawConnection; readonly cookie: string }>;
}

async function setScene(t: Test, settings: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const harness = await startHarness(t, settings);
  const noticesNothing = await bystander(t, harness);
  return {
    harness,
    growth: async (t, run) => {
      const grown = await counted(harness, COUNTED, run);
      await noticesNothing(t);
      return grown;
    },
    called: async (t, serial) => {
      const connection = await rawConnection(t, harness);
      const cookie = await openRawSession(connection, { serial });
      t.equal(rpcOf(await connection.exchange('', { Cookie: cookie })), 'GetRPCMethods');
      return { connection, cookie };
    },
  };
}

const seen = (answer: RawResponse): string => `${answer.status} ${rpcOf(answer) || answer.body.trim()}`.trim();

t.test('a POST without a session', async (t) => {
  const { harness, growth, called } = await setScene(t);

  t.test('that no Inform opened', async (t) => {
    for (const body of ['', TRANSFER, REBOOTED]) {
      const connection = await rawConnection(t, harness);
      const grown = await growth(t, async () => t.equal(seen(await connection.exchange(body)), '400 no-session'));
      t.same(grown, { 'cwmp_refused no-session': 1 });
      t.equal(seen(await connection.exchange(informText({ serial: 'LATER' }))), '200 InformResponse', 'it may begin');
    }
  });

  t.test('with a forged cookie', async (t) => {
    const victim = await called(t, 'VICTIM');
    const last = victim.cookie.at(-1) === '0' ? '1' : '0';
    const forged = [
      `${victim.cookie.slice(0, -1)}${last}`,
      `${victim.cookie.slice(0, -16)}${'0'.repeat(16)}`,
      `${victim.cookie}0`,
      victim.cookie.slice(0, -1),
      `causeway=${'A'.repeat(48)}`,
      'causeway=',
      '=;=;;"',
      `causeway=${'A'.repeat(8000)}`,
    ];
    for (const cookie of forged) {
      const connection = await rawConnection(t, harness);
      const grown = await growth(t, async () => {
        t.equal(seen(await connection.exchange(METHODS, { Cookie: cookie })), '400 no-session', cookie.slice(0, 80));
      });
      t.same(grown, { 'cwmp_refused no-session': 1 });
    }
    const answer = await victim.connection.exchange(METHODS, { Cookie: victim.cookie });
    t.equal(seen(answer), '200 GetParameterNames', 'the session that they aimed at goes on');
  });

  t.test('with the cookie of a session that is over', async (t) => {
    const { connection, cookie } = await called(t, 'OVER');
    t.equal(seen(await connection.exchange(REBOOTED, { Cookie: cookie })), '204');
    for (const body of ['', METHODS]) {
      const grown = await growth(t, async () =>
        t.equal(seen(await connection.exchange(body, { Cookie: cookie })), '204'),
      );
      t.same(grown, { 'cwmp_refused session-over': 1 });
    }
    const grown = await growth(t, async () => {
      t.equal(
        seen(await connection.exchange(TRANSFER, { Cookie: cookie })),
        '400 session-over',
        'a report is not lost',
      );
    });
    t.same(grown, { 'cwmp_refused session-over': 1 });
    const inform = await connection.exchange(informText({ serial: 'OVER' }), { Cookie: cookie });
    t.equal(seen(inform), '200 InformResponse', 'an Inform begins anew');
  });
});

t.test('what does not answer our RPC', async (t) => {
  const { harness, growth, called } = await setScene(t);

  t.test('an empty POST: that RPC has failed, and is not sent again', async (t) => {
    const { connection, cookie } = await called(t, 'EMPTY');
    const grown = await growth(t, async () => {
      t.equal(seen(await connection.exchange('', { Cookie: cookie })), '200 GetParameterNames');
    });
    t.same(grown, { 'cwmp_rpc empty': 1 });
  });

  t.test('the response of another RPC: the session is over', async (t) => {
    for (const body of [REBOOTED, cpeText('<cwmp:X_VendorResponse></cwmp:X_VendorResponse>')]) {
      const { connection, cookie } = await called(t, 'OTHER');
      const grown = await growth(t, async () =>
        t.equal(seen(await connection.exchange(body, { Cookie: cookie })), '204'),
      );
      t.same(grown, { 'cwmp_session_end wrong-response': 1, 'cwmp_rpc lost-wrong-response': 1 });
    }
  });

  t.test('a body that breaks off, and the connection with it: the session goes on over another', async (t) => {
    const { connection, cookie } = await called(t, 'BROKEN');
    const grown = await growth(t, async () => {
      connection.post('<soap-env:Envelope', { Cookie: cookie, 'Content-Length': '5000' });
      connection.socket.end();
      t.equal((await connection.response()).status, 400);
      await connection.ended();
    });
    t.same(grown, { 'cwmp_refused cut-off': 1 });
    const another = await rawConnection(t, harness);
    t.equal(seen(await another.exchange(METHODS, { Cookie: cookie })), '200 GetParameterNames');
  });

  t.test('one half of the connection is closed', async (t) => {
    const { connection, cookie } = await called(t, 'HALF');
    const grown = await growth(t, async () => {
      connection.post(METHODS, { Cookie: cookie });
      connection.socket.end();
      t.equal(seen(await connection.response()), '200 GetParameterNames', 'it is heard all the same');
      await connection.ended();
    });
    t.match(grown, { 'cwmp_rpc response': 1 });
  });

  t.test('a CPE that closes its half behind each POST has a whole session', async (t) => {
    const say = async (body: string, headers: Readonly<Record<string, string>>): Promise<RawResponse> => {
      const connection = await rawConnection(t, harness);
      connection.post(body, headers);
      connection.socket.end();
      const answer = await connection.response();
      await connection.ended();
      return answer;
    };
    const inform = await say(informText({ serial: 'HALVES' }), {});
    const headers = { Cookie: cookieOf(inform) };
    t.equal(rpcOf(await say('', headers)), 'GetRPCMethods');
    t.equal(rpcOf(await say(METHODS, headers)), 'GetParameterNames');
    t.equal((await say(NAMES, headers)).status, 204);
  });

  t.test('two POSTs at once: each is answered once, and only one gets an RPC', async (t) => {
    const { connection, cookie } = await called(t, 'TWICE');
    const grown = await growth(t, async () => {
      connection.post(METHODS, { Cookie: cookie });
      connection.post(METHODS, { Cookie: cookie });
      const answers = [seen(await connection.response()), seen(await connection.response())];
      t.same(answers.toSorted(), ['200 GetParameterNames', '204']);
    });
    t.match(grown, { 'cwmp_rpc response': 1 });
  });
});

t.test('a CPE that falls silent', async (t) => {
  const harness = await startHarness(t, { 'session.idle': '1s', 'rpc.timeout': '1s' });
  const neighbour = harness.cpe();
  const first = neighbour.nextSession();
  await neighbour.start();
  t.match(await first, { ok: true });

  t.test('after its Inform', async (t) => {
    const connection = await rawConnection(t, harness);
    const grown = await counted(harness, COUNTED, async () => {
      await openRawSession(connection, { serial: 'SILENT' });
      await untilCounted(harness, 'cwmp_session_end silent', 1);
    });
    t.match(grown, { 'cwmp_session_end silent': 1 });
    t.notMatch(Object.keys(grown).join(), /refused|failure/);
  });

  t.test('on our RPC; what it answers too late is told so', async (t) => {
    const connection = await rawConnection(t, harness);
    const cookie = await openRawSession(connection, { serial: 'NEVER' });
    const grown = await counted(harness, COUNTED, async () => {
      t.equal(rpcOf(await connection.exchange('', { Cookie: cookie })), 'GetRPCMethods');
      await untilCounted(harness, 'cwmp_session_end rpc-timeout', 1);
    });
    t.match(grown, { 'cwmp_session_end rpc-timeout': 1 });
    const late = await counted(harness, COUNTED, async () => {
      t.equal(seen(await connection.exchange(METHODS, { Cookie: cookie })), '204');
    });
    t.same(late, { 'cwmp_refused session-over': 1 });
  });

  t.test('the neighbour noticed nothing', (t) => goesOn(t, harness, neighbour));
});

t.test('a gateway that is full asks for patience', async (t) => {
  const { harness, growth, called } = await setScene(t, { 'session.cap': '2' });
  const inside = await called(t, 'INSIDE');
  const outside = await rawConnection(t, harness);
  const grown = await growth(t, async () => {
    const answer = await outside.exchange(informText({ serial: 'OUTSIDE' }));
    t.equal(seen(answer), '503 sessions-full');
    t.ok(comesApart(answer), 'told when to come again');
  });
  t.same(grown, { 'cwmp_refused sessions-full': 1 });
  t.equal(seen(await inside.connection.exchange(REBOOTED, { Cookie: inside.cookie })), '204');
  t.equal(seen(await outside.exchange(informText({ serial: 'OUTSIDE' }))), '200 InformResponse', 'there is room again');
});

t.test('a gateway that stops opens no session, and lets those finish that are open', async (t) => {
  const harness = await startHarness(t);
  const [inside, outside] = [await rawConnection(t, harness), await rawConnection(t, harness)];
  const cookie = await openRawSession(inside, { serial: 'INSIDE' });
  t.equal(rpcOf(await inside.exchange('', { Cookie: cookie })), 'GetRPCMethods');
  const stopped = harness.gateway.stop();
  t.equal(seen(await outside.exchange(informText({ serial: 'OUTSIDE' }))), '503 stopping');
  t.equal(seen(await inside.exchange(METHODS, { Cookie: cookie })), '200 GetParameterNames');
  t.equal(seen(await inside.exchange(REBOOTED, { Cookie: cookie })), '204');
  t.ok(await stopped, 'in time');
});

t.test('an Inform begins anew, on whatever connection', async (t) => {
  const { harness, growth, called } = await setScene(t);

  t.test('of the same device: its old session is displaced', async (t) => {
    for (const elsewhere of [true, false]) {
      const { connection, cookie } = await called(t, 'AGAIN');
      const other = elsewhere ? await rawConnection(t, harness) : connection;
      const grown = await growth(t, async () => {
        t.equal(seen(await other.exchange(informText({ serial: 'AGAIN' }))), '200 InformResponse');
      });
      t.match(grown, { 'cwmp_session_end displaced': 1 });
      t.equal(seen(await connection.exchange(METHODS, { Cookie: cookie })), '204', 'the old cookie is worth nothing');
    }
  });

  t.test('of another device on one connection: cookies tell them apart, the connection does not', async (t) => {
    const { connection, cookie } = await called(t, 'FIRST');
    const second = await openRawSession(connection, { serial: 'SECOND' });
    const grown = await growth(t, async () => t.equal(seen(await connection.exchange(METHODS)), '400 no-session'));
    t.same(grown, { 'cwmp_refused no-session': 1 });
    t.equal(seen(await connection.exchange(METHODS, { Cookie: cookie })), '200 GetParameterNames');
    t.equal(seen(await connection.exchange('', { Cookie: second })), '200 GetRPCMethods');
  });
});
