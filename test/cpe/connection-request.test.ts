// Connection Requests: who gets through, what the CPE answers, and the session that follows.
import * as net from 'node:net';
import t from 'tap';
import { manualClock } from './clock.ts';
import { listenForConnectionRequests } from './connection-request-server.ts';
import { createGate, type GateReply } from './connection-request-gate.ts';
import { dialects, type DialectName } from './dialects.ts';
import { digestHeader, parseAuthHeader } from './digest.ts';
import { startPair } from './pair.ts';
import { seededRandom } from './random.ts';
import { forEver, rpc } from './scripted-acs.ts';

/** Everything the CPE writes until it closes; '' when it cuts the connection, undefined when nobody listens. */
async function get(url: string, authorization = '', method = 'GET'): Promise<string | undefined> {
  const { hostname, port, pathname } = new URL(url);
  return await new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    socket.on('data', (part) => (text += part.toString('latin1')));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? undefined : text));
    socket.on('close', () => resolve(text));
    const header = authorization === '' ? '' : `Authorization: ${authorization}\r\n`;
    socket.write(`${method} ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${header}\r\n`);
  });
}

const credentials = { username: 'acs', password: 'secret' };
const answer = (reply: string | undefined, uri: string, password = credentials.password, nc = '00000001'): string => {
  const [, header = ''] = /WWW-Authenticate: ([^\r\n]*)/.exec(reply ?? '') ?? [];
  const { parameters } = parseAuthHeader(header);
  return digestHeader(parameters, {
    username: 'acs',
    password,
    method: 'GET',
    uri,
    cnonce: 'c0',
    nc,
    qop: 'as-offered',
  });
};

t.test('digest: challenge, wrong password, through', async (t) => {
  const { cpe } = await startPair(t, { connectionRequest: { auth: 'digest', ...credentials } });
  const url = cpe.connectionRequestUrl;
  const path = new URL(url).pathname;
  t.match(path, /^\/[0-9a-f]{16}$/, 'nobody guesses it');
  const challenge = await get(url);
  t.match(
    challenge,
    /^HTTP\/1\.1 401 [^]*WWW-Authenticate: Digest realm="[^"]+", qop="auth", nonce="[0-9a-f]{32}", opaque="/,
  );
  t.match(await get(url, answer(challenge, path, 'wrong')), /^HTTP\/1\.1 401 /);
  const session = cpe.nextSession();
  t.match(await get(url, answer(challenge, path)), /^HTTP\/1\.1 200 /);
  t.same((await session).events, [{ code: '6 CONNECTION REQUEST', commandKey: '' }]);
  t.match(await get(url, answer(challenge, path)), /^HTTP\/1\.1 401 /, 'the same nonce count again is a replay');
  t.match(await get(url, answer(challenge, path, 'secret', '00000002')), /^HTTP\/1\.1 200 /);
  t.match(await get(url, '', 'POST'), /^HTTP\/1\.1 405 /);
  t.match(await get(url.replace(path, '/other')), /^HTTP\/1\.1 404 /);
});

t.test('the ACS may change the credentials', async (t) => {
  const { cpe } = await startPair(t, { connectionRequest: { auth: 'basic', ...credentials } });
  const basic = (password: string): string => `Basic ${Buffer.from(`acs:${password}`).toString('base64')}`;
  cpe.setLocally('Device.ManagementServer.ConnectionRequestPassword', 'changed');
  t.match(await get(cpe.connectionRequestUrl, basic('secret')), /401[^]*WWW-Authenticate: Basic realm=/);
  t.match(await get(cpe.connectionRequestUrl, basic('changed')), /^HTTP\/1\.1 200 /);
});

t.test('in a session: another one right after it', async (t) => {
  const { acs, cpe } = await startPair(t);
  acs.queue(rpc('GetRPCMethods'));
  const replies: Promise<string | undefined>[] = [];
  acs.intercept(({ method }) => {
    if (method === 'GetRPCMethodsResponse') {
      const reply = get(cpe.connectionRequestUrl);
      replies.push(reply);
      return reply.then(() => ({ status: 204 }));
    }
    return undefined;
  });
  const seen = cpe.waitFor('connection-request');
  const second = cpe.waitFor('session-started', ({ session }) => session === 2);
  cpe.inform('1 BOOT');
  t.match(await seen, { status: 200, inSession: true });
  t.match(await replies[0], /^HTTP\/1\.1 200 /);
  t.same((await second).events, [{ code: '6 CONNECTION REQUEST', commandKey: '' }]);
});

t.test('in a session, and busy: 503', async (t) => {
  const { acs, cpe } = await startPair(t, { connectionRequest: { whenBusy: 'refuse' } });
  acs.intercept(({ method }) => (method === '' ? forEver : undefined));
  const waiting = cpe.waitFor('waiting-for-acs');
  cpe.inform('1 BOOT');
  await waiting;
  t.match(await get(cpe.connectionRequestUrl), /^HTTP\/1\.1 503 /);
});

t.test('while it reboots nobody listens; afterwards at the same address', async (t) => {
  const clock = manualClock();
  const { cpe, session } = await startPair(t, { clock });
  const url = cpe.connectionRequestUrl;
  const [down, up, told] = [
    cpe.waitFor('power', ({ state }) => state === 'rebooting'),
    cpe.waitFor('power', ({ state }) => state === 'on'),
    cpe.waitFor('session-ended', ({ events }) => events.some(({ code }) => code === '1 BOOT')),
  ];
  await session('2 PERIODIC', rpc('Reboot', { CommandKey: 'rb' }));
  await down;
  t.equal(await get(url), undefined);
  clock.advance(1000);
  await up;
  t.equal(cpe.connectionRequestUrl, url);
  t.match(await get(url), /^HTTP\/1\.1 200 /);
  t.same((await told).events.at(-1), { code: 'M Reboot', commandKey: 'rb' });
});

t.test('one port for many', async (t) => {
  const server = await listenForConnectionRequests();
  t.teardown(async () => server.close());
  const pairs = await Promise.all(
    [1, 2, 3].map(async (seed) => startPair(t, { connectionRequest: { server }, random: seededRandom(seed) })),
  );
  const urls = pairs.map(({ cpe }) => cpe.connectionRequestUrl);
  t.equal(new Set(urls).size, 3);
  t.equal(new Set(urls.map((url) => new URL(url).port)).size, 1);
  const [, second] = pairs;
  const session = second?.cpe.nextSession();
  await get(urls[1] ?? '');
  t.ok((await session)?.ok);
  t.equal(pairs[0]?.acs.posts.length, 0);
  await second?.cpe.stop();
  t.match(await get(urls[1] ?? ''), /404/);
});

t.test('replies as some CPEs write them (quirk 8)', async (t) => {
  const reply = async (name: DialectName): Promise<string | undefined> => {
    const dialect = dialects[name];
    const { cpe } = await startPair(t, {
      dialect,
      connectionRequest: { auth: 'digest', ...credentials },
    });
    return await get(cpe.connectionRequestUrl);
  };
  t.match(
    await reply('orange'),
    /^HTTP\/1\.1 401 Unauthorized\nWWW-Authenticate: Digest\n {3}realm="[^"]*",\n {3}qop="auth",\n[^\r]*$/,
  );
  t.match(await reply('netcwmp'), /WWW-Authenticate: Digest realm="[^"]*" qop="auth" nonce="[^"]*" opaque="[^"]*"\r\n/);
});

t.test('the gate, alone', async (t) => {
  let accepted = 0;
  const gate = createGate({
    auth: 'digest',
    credentials: () => credentials,
    realm: 'r',
    oneShotNonce: true,
    whenBusy: 'remember',
    isBusy: () => false,
    random: seededRandom(3),
    onAccepted: () => (accepted += 1),
  });
  const ask = (authorization: string): GateReply => gate({ method: 'GET', path: '/p', authorization });
  const reply = (challenge: GateReply, uri = '/p', qop: 'as-offered' | 'never' = 'as-offered'): string =>
    digestHeader(new Map(challenge.challenge), {
      ...credentials,
      method: 'GET',
      uri,
      cnonce: 'c',
      nc: '00000001',
      qop,
    });
  const first = ask('');
  const second = ask('');
  t.equal(ask(reply(first)).status, 401, 'only the latest nonce works');
  const third = ask('');
  t.equal(ask(reply(third)).status, 200);
  t.equal(ask(reply(third)).status, 401, 'and works once');
  t.equal(ask(reply(second)).status, 401);
  t.equal(ask(reply(ask(''), '/elsewhere')).status, 401, 'the uri is the path');
  t.equal(ask(reply(ask(''), '/p', 'never')).status, 200, 'RFC 2069 will do');
  t.equal(accepted, 2);
});
