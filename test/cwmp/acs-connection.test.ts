// The way of one CPE to the ACS behind Causeway: redirects, cookies, bounds, and connections that the ACS closes.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { AcsConnection, type AcsSettings, type CpePost } from '../../proxy/cwmp/upstream/acs-connection.ts';
import { systemRandomness } from '../../proxy/operate/clock.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

async function serve(t: { teardown(run: () => unknown): void }, handler: Handler): Promise<string> {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => handler(request, response));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const POST: CpePost = {
  target: '/cpe?x=1',
  headers: { 'content-type': 'text/xml', soapaction: '""', cookie: 'causeway=ours', 'x-else': 'kept' },
  body: Buffer.from('<e/>'),
};
const connect = (
  t: { teardown(run: () => unknown): void },
  url: string,
  settings: Partial<AcsSettings> = {},
): AcsConnection => {
  const connection = new AcsConnection(
    { url, passesChallenges: true, username: '', password: '', timeoutMs: 2000, body: 1000, ...settings },
    systemRandomness,
  );
  t.teardown(() => connection.close());
  return connection;
};

t.test("what an ACS gets: the CPE's path and headers that concern it, its own cookies", async (t) => {
  const seen: http.IncomingMessage[] = [];
  const url = await serve(t, (request, response) => {
    seen.push(request);
    const cookies = ['a=1; Path=/', 'b=2; HttpOnly'];
    response
      .writeHead(200, seen.length === 1 ? { 'Set-Cookie': cookies } : { 'Set-Cookie': 'a=; Max-Age=0' })
      .end('ok');
  });
  const connection = connect(t, url);
  t.match(await connection.post(POST), { kind: 'answer', status: 200, body: Buffer.from('ok') });
  await connection.post(POST);
  await connection.post(POST);
  t.same(
    seen.map(({ headers }) => headers.cookie),
    [undefined, 'a=1; b=2', 'b=2'],
  );
  t.match(seen[0], { url: '/cpe?x=1', headers: { 'content-type': 'text/xml', soapaction: '""' } });
  t.notOk(Object.hasOwn(seen[0]?.headers ?? {}, 'x-else'));
  t.equal(new Set(seen.map(({ socket }) => socket.remotePort)).size, 1, 'one connection');
  const elsewhere = connect(t, `${url}/fixed/path`);
  await elsewhere.post(POST);
  t.equal(seen.at(-1)?.url, '/fixed/path');
});

t.test('a redirect holds for the rest of the session; a circle ends', async (t) => {
  const targets: string[] = [];
  const url = await serve(t, (request, response) => {
    targets.push(request.url ?? '');
    if (request.url === '/there') response.end('ok');
    else response.writeHead(307, { Location: request.url === '/round' ? '/round' : '/there' }).end();
  });
  const connection = connect(t, url);
  t.match(await connection.post(POST), { status: 200 });
  t.match(await connection.post(POST), { status: 200 });
  t.same(targets, ['/cpe?x=1', '/there', '/there']);
  t.same(await connect(t, `${url}/round`).post(POST), { kind: 'failed', reason: 'redirects' });
});

t.test('an answer that is too large, too late, or none', async (t) => {
  const large = await serve(t, (_request, response) => response.end('x'.repeat(1001)));
  t.same(await connect(t, large).post(POST), { kind: 'failed', reason: 'too-large' });
  const late = await serve(t, () => undefined);
  t.same(await connect(t, late, { timeoutMs: 50 }).post(POST), { kind: 'failed', reason: 'timeout' });
  const cut = await serve(t, (_request, response) => {
    response.writeHead(200, { 'Content-Length': 10 });
    response.write('x');
    response.destroy();
  });
  t.same(await connect(t, cut).post(POST), { kind: 'failed', reason: 'unreachable' });
  t.same(await connect(t, 'http://127.0.0.1:1').post(POST), { kind: 'failed', reason: 'unreachable' });
});

t.test('a connection that the ACS closed between two POSTs costs nothing', async (t) => {
  let posts = 0;
  const url = await serve(t, (request, response) => {
    posts += 1;
    if (posts === 2) request.socket.resetAndDestroy();
    else response.end(String(posts));
  });
  const connection = connect(t, url);
  await connection.post(POST);
  t.match(await connection.post(POST), { kind: 'answer', body: Buffer.from('3') });
});

t.test('credentials of CPEs for Causeway stay here; a challenge that nobody can answer is a failure', async (t) => {
  const seen: (string | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="old"' }).end();
  });
  const post: CpePost = { ...POST, headers: { ...POST.headers, authorization: 'Basic Y3BlOnNlY3JldA==' } };
  t.match(await connect(t, url).post(post), { status: 401, headers: { 'WWW-Authenticate': ['Basic realm="old"'] } });
  const refused = { kind: 'failed', reason: 'credentials' };
  t.same(await connect(t, url, { passesChallenges: false }).post(post), refused);
  const own = { passesChallenges: false, username: 'us', password: 'secret' };
  t.same(await connect(t, url, own).post(post), refused, 'Basic, in the clear');
  t.same(seen, ['Basic Y3BlOnNlY3JldA==', undefined, undefined]);
});
