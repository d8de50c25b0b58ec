// Random bytes and random conduct at the HTTP edge: whatever comes, what is answered is HTTP, nothing fails inside, and a
// session beside it goes on.
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type Harness, startHarness } from './harness.ts';
import {
  bystander,
  cookieOf,
  counters,
  cpeText,
  informText,
  type RawConnection,
  rawConnection,
  rpcOf,
} from './south-tools.ts';

const STATUSES: ReadonlySet<number> = new Set([100, 200, 204, 400, 405, 408, 413, 415, 431, 503]);

/** The responses until the gateway closes the connection. */
async function allOf(connection: RawConnection): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (;;) {
    const answer = await connection.response().catch((error: unknown) => error);
    if (answer instanceof Error) {
      if (!answer.message.includes(' 0 bytes')) throw answer;
      return statuses;
    }
    statuses.push((answer as Awaited<ReturnType<RawConnection['response']>>).status);
  }
}

async function nothingFailed(t: Test, harness: Harness): Promise<void> {
  const failed = [...(await counters(harness))].filter(([name]) => name.startsWith('failure'));
  t.same(failed, []);
  t.same(
    harness.log.filter((line) => line.includes('"level":"error"')),
    [],
  );
}

const post = (body: string, headers = ''): string =>
  `POST /acs HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const chunked = (body: string): string =>
  `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

t.test('random bytes, and real requests with bytes changed, lost and added, in random pieces', async (t) => {
  const harness = await startHarness(t);
  const noticesNothing = await bystander(t, harness);
  const inform = informText({ serial: 'FUZZ' });
  const seeds = [
    post(inform),
    post(inform) + post('') + post(cpeText('<cwmp:GetRPCMethods/>')),
    chunked(inform),
    post(inform, 'Expect: 100-continue\r\nCookie: causeway=A; Path=/\r\n'),
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  ].map((text) => Buffer.from(text));
  const edit = fc.tuple(fc.nat(), fc.nat(30), fc.uint8Array({ maxLength: 6 }));
  const damaged = fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 4 })).map(([seed, edits]) =>
    edits.reduce<Buffer>((bytes, [place, length, extra]) => {
      const at = place % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at + length)]);
    }, seed),
  );
  const noise = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const input = fc.tuple(fc.oneof({ weight: 4, arbitrary: damaged }, { weight: 1, arbitrary: noise }), fc.nat());
  const property = fc.asyncProperty(input, async ([bytes, cut]) => {
    const connection = await rawConnection(t, harness);
    const at = cut % bytes.length;
    connection.send(bytes.subarray(0, at));
    await new Promise(setImmediate);
    connection.send(bytes.subarray(at));
    connection.socket.end();
    const statuses = await allOf(connection);
    return statuses.every((status) => STATUSES.has(status));
  });
  await t.resolves(fc.assert(property, { numRuns: 120 }));
  await noticesNothing(t);
  await nothingFailed(t, harness);
});

type Act =
  | { readonly kind: 'say'; readonly body: string; readonly cookie: 'none' | 'own' | 'other'; readonly on: number }
  | { readonly kind: 'close'; readonly on: number };

const BODIES = [
  informText({ serial: 'RANDOM-1' }),
  informText({ serial: 'RANDOM-2' }),
  '',
  '',
  cpeText('<cwmp:GetRPCMethodsResponse><MethodList></MethodList></cwmp:GetRPCMethodsResponse>'),
  cpeText('<cwmp:GetParameterNamesResponse><ParameterList></ParameterList></cwmp:GetParameterNamesResponse>'),
  cpeText('<soap-env:Fault><detail><cwmp:Fault><FaultCode>9000</FaultCode></cwmp:Fault></detail></soap-env:Fault>'),
  cpeText('<cwmp:GetRPCMethods/>'),
  cpeText('<cwmp:X_Unknown/>'),
  '<broken',
];

t.test('CPEs that say anything at any time, on any connection, with any cookie', async (t) => {
  const harness = await startHarness(t);
  const noticesNothing = await bystander(t, harness);
  const act: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('say' as const),
        body: fc.constantFrom(...BODIES),
        cookie: fc.constantFrom('none' as const, 'own', 'own', 'other'),
        on: fc.nat(2),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), on: fc.nat(2) }) },
  );
  const property = fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 25 }), async (acts) => {
    const connections = new Map<number, RawConnection>();
    const cookies: string[] = [];
    for (const each of acts) {
      const connection = connections.get(each.on) ?? (await rawConnection(t, harness));
      connections.set(each.on, connection);
      if (each.kind === 'close') {
        connection.socket.destroy();
        connections.delete(each.on);
        continue;
      }
      const cookie = each.cookie === 'none' ? undefined : cookies.at(each.cookie === 'own' ? -1 : -2);
      const answer = await connection.exchange(each.body, cookie === undefined ? {} : { Cookie: cookie });
      if (!STATUSES.has(answer.status)) throw new Error(String(answer.status));
      if ((answer.status === 200) !== (rpcOf(answer) !== ''))
        throw new Error('200 without a body, or a body without 200');
      const isInform = each.body.includes('<cwmp:Inform>');
      if (isInform !== (rpcOf(answer) === 'InformResponse')) throw new Error(`an Inform was answered ${answer.body}`);
      if (isInform) cookies.push(cookieOf(answer));
      if (answer.headers.get('connection') === 'close') connections.delete(each.on);
    }
    for (const connection of connections.values()) connection.socket.destroy();
  });
  await t.resolves(fc.assert(property, { numRuns: 15 }));
  await noticesNothing(t);
  await nothingFailed(t, harness);
});
