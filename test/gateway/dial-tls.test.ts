// wss to a Controller (TP-469 7.9): who it is, who the Agent is, and what is not trusted.
import { TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { createAuthority, forLoopback, missingOpenssl } from '../openssl.ts';
import { until } from '../process/scene.ts';
import { addDial, type DialledController, startDialledController } from './dial-scene.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { GET_LOCAL, knownCpe } from './north-tools.ts';

const missing = missingOpenssl();
const ENCRYPTED = { 'WebSocket.EnableEncryption': 'true' };

interface Scene {
  readonly harness: Harness;
  readonly agent: string;
}

async function setScene(
  t: Test,
  controller: DialledController,
  settings: Readonly<Record<string, string>>,
): Promise<Scene> {
  const harness = await startHarness(t, { 'usp.dial.hosts': '127.0.0.1', ...settings });
  const agent = agentOf(await knownCpe(harness));
  await addDial(await harness.controller(), agent, { port: controller.port, settings: ENCRYPTED });
  return { harness, agent };
}

const failedFor = (harness: Harness, reason: string): Promise<unknown> =>
  until(async () => harness.log.find((line) => line.includes(`"reason":"${reason}"`)), reason);

t.test('7.9: both sides show a certificate, and Records pass', { skip: missing }, async (t) => {
  const authority = createAuthority(t);
  const server = forLoopback(authority);
  const own = authority.issue('/CN=agents of causeway');
  const tls = { cert: server.cert, key: server.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const controller = await startDialledController(t, { tls });
  const files = { 'usp.dial.ca': authority.certFile, 'usp.dial.cert': own.certFile, 'usp.dial.key': own.keyFile };
  const { agent } = await setScene(t, controller, files);
  const { request, peer } = await controller.next();
  const { socket } = request;
  t.equal(socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : '', 'agents of causeway');
  t.match(await peer.ask(agent, GET_LOCAL), { body: { kind: 'get_resp' } });
});

t.test('a certificate of a CA that nobody trusts is refused', { skip: missing }, async (t) => {
  const { cert, key } = forLoopback(createAuthority(t));
  const controller = await startDialledController(t, { tls: { cert, key } });
  const { harness } = await setScene(t, controller, {});
  await failedFor(harness, 'certificate');
  t.same(controller.arrivals, []);
});

t.test('a certificate for another name is refused', { skip: missing }, async (t) => {
  const authority = createAuthority(t);
  const { cert, key } = authority.issue('/CN=other.example', 'DNS:other.example');
  const controller = await startDialledController(t, { tls: { cert, key } });
  const { harness } = await setScene(t, controller, { 'usp.dial.ca': authority.certFile });
  await failedFor(harness, 'certificate');
  t.same(controller.arrivals, []);
});

t.test('a Controller that speaks no TLS, or none that is new enough, is left', { skip: missing }, async (t) => {
  const authority = createAuthority(t);
  const { cert, key } = forLoopback(authority);
  const ca = { 'usp.dial.ca': authority.certFile };
  const plain = await setScene(t, await startDialledController(t), ca);
  await failedFor(plain.harness, 'tls-failed');
  const old = { cert, key, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const outdated = await setScene(t, await startDialledController(t, { tls: old }), ca);
  await failedFor(outdated.harness, 'tls-failed');
  t.pass('both are counted as tls-failed');
});
