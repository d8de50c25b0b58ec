// TP-469 chapters 4 and 7, and 2.8, over connections that the Agent has opened, and the certificates on them.
import { TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { get } from '../../agent/requests.ts';
import { createAuthority, missingOpenssl } from '../../openssl.ts';
import { type Case, Missing, part, type Preparation } from '../case.ts';
import { type Arrival, type Dialled, startDialled } from '../dialled.ts';
import type { Eut, Test } from '../eut.ts';
import { brief, type Tester } from '../tester.ts';

/** Dialled places must be allowed. */
export const DIALS = { 'usp.dial.hosts': '127.0.0.1' };
const INFO = get('Device.DeviceInfo.');

const answers = async (tester: Tester): Promise<boolean> => {
  const answer = await tester.expect('get_resp', INFO);
  return answer.req_path_results[0]?.err_code === 0;
};

/** The Agent has come, has rebooted, and has come again. */
async function afterBoot(eut: Eut, dialled: Dialled): Promise<Arrival> {
  await dialled.invite();
  await dialled.next();
  eut.cpe.powerCycle();
  return dialled.next();
}

/** Certificates of one authority for both sides, where openssl is here. */
function prepareTls(t: Test, days = 2): Preparation {
  const missing = missingOpenssl();
  if (missing !== false) throw new Missing(missing);
  const authority = createAuthority(t);
  const own = authority.issue('/CN=agents');
  const { cert, key } = authority.issue('/CN=127.0.0.1', 'IP:127.0.0.1', days);
  return {
    settings: { 'usp.dial.ca': authority.certFile, 'usp.dial.cert': own.certFile, 'usp.dial.key': own.keyFile },
    facts: { cert, key, ca: authority.cert },
  };
}

const withTls = (eut: Eut): Promise<Dialled> => {
  const { cert = '', key = '', ca = '' } = eut.facts;
  return startDialled(eut, { cert, key, ca, requestCert: true, rejectUnauthorized: true });
};

const overTls =
  (run: (eut: Eut, arrival: Arrival, metric: Parameters<Case['run']>[1]) => Promise<void>): Case['run'] =>
  async (eut, metric) => {
    const dialled = await withTls(eut);
    await dialled.invite();
    await run(eut, await dialled.next(), metric);
  };

export const DIALLED = part([
  {
    id: '2.8',
    title: 'a Controller whose certificate is out of date',
    alone: (t) => prepareTls(t, -1),
    run: async (eut, metric) => {
      const dialled = await withTls(eut);
      await dialled.invite();
      const refused = (): boolean => eut.harness.log.some((line) => line.includes('"reason":"certificate"'));
      await eut.pass(30_000, refused);
      metric(1, refused() && dialled.attempts.length === 0, 'the Agent came, or did not look');
    },
  },
  {
    id: '4.1',
    title: 'certificates at the MTP',
    alone: (t) => prepareTls(t),
    run: overTls(async (_eut, { tester, request }, metric) => {
      const { socket } = request;
      const version = socket instanceof TLSSocket ? (socket.getProtocol() ?? '') : '';
      metric(1, ['TLSv1.2', 'TLSv1.3'].includes(version), version);
      metric(1, socket instanceof TLSSocket && socket.authorized, 'the Agent showed no certificate that is trusted');
      const body = { kind: 'get_supported_protocol', controller_supported_protocol_versions: '1.3,1.4' } as const;
      const answer = await tester.expect('get_supported_protocol_resp', body);
      metric(1, answer.agent_supported_protocol_versions.includes('1.4'));
    }),
  },
  {
    id: '7.1',
    title: 'after a boot the Agent connects, and answers',
    cpe: true,
    run: async (eut, metric) => {
      const { tester, request } = await afterBoot(eut, await startDialled(eut));
      const eid = new URL(request.url ?? '', 'ws://host').searchParams.get('eid');
      metric(1, request.headers['sec-websocket-protocol'] === 'v1.usp' && eid === eut.agent, String(request.url));
      metric(2, await answers(tester));
    },
  },
  {
    id: '7.2',
    title: 'one connection only',
    cpe: true,
    run: async (eut, metric) => {
      const dialled = await startDialled(eut);
      await dialled.invite();
      const { tester } = await dialled.next();
      metric(1, await answers(tester));
      const second = await eut.connect({ eid: dialled.eid });
      const [code] = (await once(second.socket, 'close')) as [number];
      metric(1, code !== 1006, String(code));
      metric(1, await answers(tester));
    },
  },
  {
    id: '7.8',
    title: 'the retry table',
    // The session that a case before has opened is held while time goes by, and holding it costs a read.
    cpe: true,
    run: async (eut, metric) => {
      const { clock } = eut;
      const dialled = await startDialled(eut);
      const retry = {
        'WebSocket.SessionRetryMinimumWaitInterval': '5',
        'WebSocket.SessionRetryIntervalMultiplier': '2000',
      };
      await dialled.invite(retry);
      const { tester } = await dialled.next();
      dialled.refuse(true);
      const cut = clock.now();
      const closed = once(tester.socket, 'close');
      tester.socket.terminate();
      await closed;
      await eut.pass(15_000, () => dialled.attempts.length > 1);
      const first = (dialled.attempts[1] ?? 0) - cut;
      metric(1, first >= 4_500 && first <= 11_500, String(first));
      dialled.refuse(false);
      await eut.pass(25_000, () => dialled.attempts.length > 2);
      const second = (dialled.attempts[2] ?? 0) - (dialled.attempts[1] ?? 0);
      metric(2, second >= 9_000 && second <= 21_500, String(second));
      await (await dialled.next()).tester.fence();
    },
  },
  {
    id: '7.9',
    title: 'TLS',
    cpe: true,
    alone: (t) => prepareTls(t),
    run: overTls(async (eut, { request, tester }, metric) => {
      metric(1, request.socket instanceof TLSSocket);
      metric(2, await answers(tester));
      metric(2, eut.cpe.rpcs.length > 0);
    }),
  },
  {
    id: '7.10',
    title: 'the Connect Record',
    cpe: true,
    run: async (eut, metric) => {
      const before = eut.clock.now();
      const { tester } = await afterBoot(eut, await startDialled(eut));
      const record = await tester.until('a Record', () => tester.records[0]);
      metric(1, record.record_type.kind === 'websocket_connect' && eut.clock.now() - before < 30_000);
    },
  },
  {
    id: '7.11',
    title: 'a Controller that does not say bbf-usp-protocol',
    cpe: true,
    run: async (eut, metric) => {
      // Ours never says it: no extension is in its answer.
      const { tester } = await afterBoot(eut, await startDialled(eut));
      metric(1, tester.socket.extensions === '');
      metric(2, await answers(tester), brief(INFO));
    },
  },
]);
