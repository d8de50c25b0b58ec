import { once } from 'node:events';
import { type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import t from 'tap';
import { ok, startScriptedCpe, unauthorized } from './scripted-cpe.ts';
import { selfSigned } from './self-signed.ts';
import { wake } from './waker.ts';

const certificate = selfSigned();
const candidates = [{ from: 'device', username: 'cruser', password: 'crpass' }];

const open = new Set<Socket>();
const serverNames: (string | false)[] = [];
const server = createServer(certificate, (socket) => {
  open.add(socket);
  serverNames.push(socket.servername ?? false);
  socket.on('close', () => open.delete(socket)).on('error', () => undefined);
  socket.once('data', (request: Buffer) => {
    const authorized = request.toString('latin1').includes('\r\nAuthorization: Digest ');
    socket.end(authorized ? ok : unauthorized('Digest realm="r", nonce="n", qop="auth"'));
  });
});
server.on('tlsClientError', () => undefined);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
t.teardown(() => {
  server.close();
});
const { port } = server.address() as AddressInfo;
const url = `https://127.0.0.1:${port}/cr`;

t.test('a certificate that holds', async (t) => {
  const { outcome, trace } = await wake({ url, candidates }, { tls: { verify: true, ca: certificate.cert } });
  t.match(outcome, { kind: 'accepted', authenticated: true });
  t.match(trace.find(({ what }) => what === 'tls')?.detail, /^TLSv1\.[23], certificate checked$/);
  const named = url.replace('127.0.0.1', 'cpe.example');
  const resolve = async () => ['127.0.0.1'];
  const byName = await wake({ url: named, candidates }, { tls: { verify: true, ca: certificate.cert } }, { resolve });
  t.equal(byName.outcome.kind, 'accepted');
  t.same(new Set(serverNames), new Set([false, 'cpe.example']), 'a server name is sent for names only');
});

t.test('a certificate that nobody vouches for', async (t) => {
  const { outcome } = await wake({ url, candidates });
  t.match(outcome, { kind: 'tls-failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', retryable: false });
  const unchecked = await wake({ url, candidates }, { tls: { verify: false } });
  t.equal(unchecked.outcome.kind, 'accepted');
});

t.test('a certificate for another name', async (t) => {
  const other = url.replace('127.0.0.1', 'other.example');
  const settings = { tls: { verify: true, ca: certificate.cert } };
  const { outcome } = await wake({ url: other, candidates }, settings, { resolve: async () => ['127.0.0.1'] });
  t.match(outcome, { kind: 'tls-failed', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

t.test('no TLS at the other end', async (t) => {
  const silent = await startScriptedCpe(t, []);
  const { outcome } = await wake({ url: silent.url.replace('http:', 'https:') }, { connectMs: 400 });
  t.match(outcome, { kind: 'tls-failed', code: 'ETIMEDOUT', retryable: true });
  t.match((await wake({ url: url.replace('https:', 'http:') })).outcome, { kind: /closed-early|not-http/ }, 'nor here');
});

t.test('no connection is left', async (t) => {
  for (const socket of open) if (!socket.destroyed) await once(socket, 'close');
  t.equal(open.size, 0);
});
