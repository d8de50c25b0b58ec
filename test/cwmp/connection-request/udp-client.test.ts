import { createHmac } from 'node:crypto';
import t from 'tap';
import type { Endpoint } from '../../../proxy/cwmp/connection-request/stun/address.ts';
import {
  createUdpWaker,
  type UdpWakeRequest,
  type UdpWaker,
} from '../../../proxy/cwmp/connection-request/udp-client.ts';
import { pauseClock } from './waker.ts';

interface Sent {
  readonly text: string;
  readonly to: Endpoint;
}
const START = Date.UTC(2026, 0, 1);
const REQUEST: UdpWakeRequest = {
  address: '203.0.113.5:40001',
  sourceAddress: '203.0.113.5',
  candidates: [{ from: 'connectionRequest.username', username: 'acs & co', password: 'a-secret' }],
};

/** A socket that takes everything, and a clock whose pauses are over at once. */
function wakerAtHand(code?: string): { readonly waker: UdpWaker; readonly sent: readonly Sent[] } {
  const sent: Sent[] = [];
  const pauses = pauseClock([]);
  const waker = createUdpWaker(
    {
      clock: { now: () => START, after: (ms, run) => pauses.after(ms, run) },
      random: (size) => new Uint8Array(size).fill(0xab),
      socket: {
        heardAt: ({ port }) => (port === 40001 ? START - 12_000 : undefined),
        send: async (datagram, to) => {
          sent.push({ text: Buffer.from(datagram).toString(), to });
          return code;
        },
      },
    },
    { networks: [], ownListeners: [{ address: '0.0.0.0', port: 3478 }], ownAddresses: ['203.0.113.5'] },
  );
  return { waker, sent };
}

t.test('the datagram is a GET that is signed, and leaves three times the same', async (t) => {
  const { waker, sent } = wakerAtHand();
  const { outcome, trace } = await waker(REQUEST);
  t.match(outcome, { kind: 'udp-sent', times: 3, retryable: true });
  while (sent.length < 3) await new Promise((resolve) => setImmediate(resolve));
  t.equal(new Set(sent.map(({ text }) => text)).size, 1);
  t.same(sent[0]?.to, { address: '203.0.113.5', port: 40001 });
  const [line = '', host, blank, end] = (sent[0]?.text ?? '').split('\r\n');
  t.same([host, blank, end], ['Host: 203.0.113.5:40001', '', '']);
  t.match(line, /^GET http:\/\/203\.0\.113\.5:40001\?ts=1767225600&id=1440077269&un=acs%20%26%20co&cn=abab/);
  const query = new URL(line.split(' ')[1] ?? '').searchParams;
  const signedText = ['ts', 'id', 'un', 'cn'].map((name) => query.get(name)).join('');
  t.equal(query.get('sig'), createHmac('sha1', 'a-secret').update(signedText).digest('hex'));
  t.match(
    trace.map(({ what, detail }) => `${what} ${detail}`),
    [
      'udp 203.0.113.5:40001',
      'binding the last binding request came from there 12 s ago',
      'credentials of connectionRequest.username',
      /^outcome udp-sent/,
    ],
  );
  t.notMatch(JSON.stringify(trace), /secret|acs & co|sig=/);
});

t.test('a later request of the same second is later for the CPE, too', async (t) => {
  const { waker, sent } = wakerAtHand();
  await waker(REQUEST);
  await waker({ ...REQUEST, candidates: [] });
  const stamps = new Set(sent.map(({ text }) => /ts=(\d+)/.exec(text)?.[1]));
  t.same([...stamps], ['1767225600', '1767225601']);
});

t.test('who may have other credentials is sent one signed with each, each later than the one before', async (t) => {
  const { waker, sent } = wakerAtHand();
  const candidates = ['new', 'former'].map((name) => ({ from: name, username: name, password: `${name}-secret` }));
  const { trace } = await waker({ ...REQUEST, candidates });
  const told = new Set(sent.map(({ text }) => /ts=(\d+)&id=\d+&un=(\w+)/.exec(text)?.slice(1).join(' ')));
  t.same([...told], ['1767225600 new', '1767225601 former']);
  t.same(
    trace.filter(({ what }) => what === 'credentials').map(({ detail }) => detail),
    ['of new', 'of former'],
  );
});

t.test('nothing is sent where nothing may go, and the reason is told', async (t) => {
  const { waker, sent } = wakerAtHand();
  const kindOf = async (change: Partial<UdpWakeRequest>): Promise<unknown> =>
    (await waker({ ...REQUEST, ...change })).outcome;
  t.match(await kindOf({ address: '198.51.100.1:7' }), {
    kind: 'address-not-allowed',
    reason: 'not-the-inform-source',
  });
  t.match(await kindOf({ address: '127.0.0.1:7' }), { kind: 'address-not-allowed', reason: 'loopback' });
  t.match(await kindOf({ address: '203.0.113.5:3478' }), { kind: 'address-not-allowed', reason: 'own-listener' });
  t.match(await kindOf({ address: 'cpe.example:7' }), { kind: 'bad-udp-address', problem: 'not-an-address' });
  t.equal(sent.length, 0);
});

t.test('a datagram that the system does not take is a failure', async (t) => {
  t.match((await wakerAtHand('EHOSTUNREACH').waker(REQUEST)).outcome, { kind: 'host-unreachable', retryable: true });
  t.match((await wakerAtHand('ENETUNREACH').waker(REQUEST)).outcome, { kind: 'network-unreachable' });
  t.match((await wakerAtHand('EPERM').waker(REQUEST)).outcome, { kind: 'local-failure', code: 'EPERM' });
});
