import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { createRateLimit } from '../../../../proxy/cwmp/connection-request/stun/rate-limit.ts';
import {
  openStunSocket,
  type StunSettings,
  type StunSocket,
} from '../../../../proxy/cwmp/connection-request/stun/server.ts';
import { systemClock } from '../../../../proxy/operate/clock.ts';
import { LISTENS, request } from './requests.ts';

async function start(
  t: Test,
  settings: Partial<StunSettings> = {},
): Promise<{ readonly stun: StunSocket; readonly counted: readonly string[] }> {
  const counted: string[] = [];
  const stun = await openStunSocket(
    { host: '127.0.0.1', port: 0, credentials: undefined, ...settings },
    { clock: systemClock, count: (outcome) => void counted.push(outcome) },
  );
  t.teardown(() => stun.close());
  return { stun, counted };
}

async function cpeSocket(t: Test): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  return socket;
}
const received = async (socket: Socket): Promise<Buffer> => ((await once(socket, 'message')) as [Buffer])[0];

t.test('a binding is answered and remembered, and a request leaves from the same socket', async (t) => {
  // On all addresses, so that IPv4 comes to a socket of IPv6.
  const { stun, counted } = await start(t, { host: '' });
  const cpe = await cpeSocket(t);
  const binding = { address: '127.0.0.1', port: cpe.address().port };
  t.equal(stun.heardAt(binding), undefined);
  const answer = received(cpe);
  cpe.send(request(LISTENS), stun.bound.port, '127.0.0.1');
  t.equal((await answer).readUInt16BE(0), 0x0101);
  t.ok((stun.heardAt(binding) ?? 0) <= Date.now());
  const came = once(cpe, 'message') as Promise<[Buffer, { readonly port: number }]>;
  t.equal(await stun.send(Buffer.from('GET'), binding), undefined);
  const [datagram, from] = await came;
  t.equal(datagram.toString(), 'GET');
  t.equal(from.port, stun.bound.port);
  t.same(counted, ['bound']);
});

t.test('what is no request gets no answer, and one source not more than its share', async (t) => {
  const { stun, counted } = await start(t, { limit: { perSecond: 0.001, burst: 2, sources: 10 } });
  const cpe = await cpeSocket(t);
  const answer = received(cpe);
  cpe.send('noise', stun.bound.port, '127.0.0.1');
  cpe.send(request(), stun.bound.port, '127.0.0.1');
  await answer;
  cpe.send(request(), stun.bound.port, '127.0.0.1');
  while (counted.length < 3) await new Promise((resolve) => setImmediate(resolve));
  t.same(counted, ['too-short', 'bound', 'too-often']);
});

t.test('a closed socket takes nothing more, and says so', async (t) => {
  const stun = await openStunSocket(
    { host: '127.0.0.1', port: 0, credentials: undefined },
    { clock: systemClock, count: () => undefined },
  );
  await stun.close();
  t.match(await stun.send(Buffer.from('x'), { address: '127.0.0.1', port: 9 }), 'ERR_SOCKET_DGRAM_NOT_RUNNING');
});

t.test('a port that is taken is an error', async (t) => {
  const { stun } = await start(t);
  await t.rejects(
    openStunSocket(
      { host: '127.0.0.1', port: stun.bound.port, credentials: undefined },
      { clock: systemClock, count: () => undefined },
    ),
    { code: 'EADDRINUSE' },
  );
});

t.test('the share of a source', async (t) => {
  let now = 0;
  const may = createRateLimit({ perSecond: 2, burst: 3, sources: 2 }, () => now);
  t.same([may('192.0.2.1'), may('192.0.2.1'), may('192.0.2.1'), may('192.0.2.1')], [true, true, true, false]);
  t.equal(may('2001:db8::1'), true, 'another source has its own');
  now = 500;
  t.same([may('192.0.2.1'), may('192.0.2.1')], [true, false]);
  for (const last of [2, 3, 4]) may(`2001:db8::${last}`);
  t.equal(may('2001:db8::ffff'), false, 'a /64 is one source');
  may('192.0.2.2');
  t.equal(may('192.0.2.1'), true, 'forgotten: the oldest of too many');
});
