// CPEs whose Connection Request servers are odd in the ways that quirks 8 and 9 name; each is woken all the same.
import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { Socket } from 'node:net';
import t from 'tap';
import { type HttpWakerEffects } from '../../../proxy/cwmp/connection-request/wake.ts';
import { ok, startScriptedCpe, unauthorized, type ScriptedReply } from './scripted-cpe.ts';
import { wake } from './waker.ts';

const candidates = [{ from: 'device', username: 'cruser', password: 'crpass' }];
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** A parameter of the request's Authorization header, quoted or bare. */
const sent = (request: string, name: string) => new RegExp(`[ ,]${name}="?([^",\r]*)`).exec(request)?.[1] ?? 'none';

function rightResponse(request: string, realm: string, nonce: string): boolean {
  const [a1, a2] = [md5(`cruser:${realm}:crpass`), md5('GET:/cr')];
  const counted = `${nonce}:${sent(request, 'nc')}:${sent(request, 'cnonce')}:auth`;
  const expected = request.includes('qop=auth') ? md5(`${a1}:${counted}:${a2}`) : md5(`${a1}:${nonce}:${a2}`);
  return sent(request, 'response') === expected && sent(request, 'nonce') === nonce;
}

t.test('bare LF, folded challenge, no blank line, EOF as end (ORANGE)', async (t) => {
  const challenge =
    'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Digest\n   realm="box",\n   qop="auth",\n   nonce="N1",\n   opaque="O1"';
  const cpe = await startScriptedCpe(t, [
    challenge,
    (socket, request) => socket.end(rightResponse(request, 'box', 'N1') ? 'HTTP/1.1 200 OK\nContent-Length: 0' : ''),
    challenge,
  ]);
  const { outcome } = await wake({ url: cpe.url, candidates });
  t.match(outcome, { kind: 'accepted', authenticated: true });
  const refusal = await new Promise((resolve) => get(cpe.url, resolve).on('error', resolve));
  t.ok(refusal instanceof Error, "Node's own client cannot read this reply");
});

t.test('a head that ends with neither blank line nor EOF counts once no more comes', async (t) => {
  const cpe = await startScriptedCpe(t, [(socket) => socket.write('HTTP/1.1 200 OK\nContent-Length: 0\n')]);
  t.equal((await wake({ url: cpe.url }, { replyMs: 400 })).outcome.kind, 'accepted');
});

t.test('parameters apart by spaces only, empty opaque (NETCWMP)', async (t) => {
  const cpe = await startScriptedCpe(t, [
    unauthorized('Digest qop="auth" nonce="N2" opaque="" realm="cwmpd"'),
    (socket, request) => socket.end(rightResponse(request, 'cwmpd', 'N2') ? ok : unauthorized('Digest nonce="x"')),
  ]);
  t.equal((await wake({ url: cpe.url, candidates })).outcome.kind, 'accepted');
  t.match(cpe.requests[1], /, opaque=""\r\n/);
});

t.test('no spaces after commas; the header must read "Authorization: Digest " to the letter (EASYCWMP)', async (t) => {
  const cpe = await startScriptedCpe(t, [
    unauthorized('Digest realm="r@e",qop="auth",nonce="N3",opaque="O3"'),
    (socket, request) =>
      socket.end(
        request.includes('\r\nAuthorization: Digest username=') && rightResponse(request, 'r@e', 'N3') ? ok : '',
      ),
  ]);
  t.equal((await wake({ url: cpe.url, candidates })).outcome.kind, 'accepted');
});

t.test('a challenge without qop gets neither qop nor nc nor cnonce (genieacs#181)', async (t) => {
  const cpe = await startScriptedCpe(t, [
    unauthorized('Digest realm="r", nonce="N4"'),
    (socket, request) => socket.end(rightResponse(request, 'r', 'N4') && !/qop|nc=|cnonce/.test(request) ? ok : ''),
  ]);
  t.equal((await wake({ url: cpe.url, candidates })).outcome.kind, 'accepted');
});

t.test('a new nonce with each 401, and only the latest counts (ORANGE)', async (t) => {
  let issued = 0;
  const reply: ScriptedReply = (socket, request) => {
    if (rightResponse(request, 'box', `nonce${issued}`)) {
      socket.end(ok);
      return;
    }
    issued += 1;
    socket.end(unauthorized(`Digest realm="box", qop="auth", nonce="nonce${issued}"`));
  };
  const cpe = await startScriptedCpe(t, [reply]);
  const wrong = { from: 'profile', username: 'cruser', password: 'other' };
  const { outcome, trace } = await wake({ url: cpe.url, candidates: [wrong, ...candidates] });
  t.match(outcome, { kind: 'accepted', authenticated: true });
  t.equal(cpe.requests.length, 3, 'one connection a request');
  t.same(
    trace.filter(({ what }) => what === 'credentials').map(({ detail }) => detail),
    [
      'asked for Digest, MD5, qop auth; next: 1 of 2 (profile)',
      'asked for Digest, MD5, qop auth; next: 2 of 2 (device)',
    ],
  );
});

t.test('a stale nonce costs one more request, not the candidate', async (t) => {
  const cpe = await startScriptedCpe(t, [
    unauthorized('Digest realm="r", nonce="old", qop="auth"'),
    unauthorized('Digest realm="r", nonce="new", qop="auth", stale=true'),
    (socket, request) => socket.end(rightResponse(request, 'r', 'new') ? ok : unauthorized('Digest nonce="x"')),
  ]);
  t.equal((await wake({ url: cpe.url, candidates })).outcome.kind, 'accepted');
  const always = await startScriptedCpe(t, [unauthorized('Digest realm="r", nonce="n", stale=true')]);
  t.match((await wake({ url: always.url, candidates })).outcome, { kind: 'wrong-credentials', tried: 1 });
  t.equal(always.requests.length, 3, 'and one more only');
});

t.test('Basic', async (t) => {
  const cpe = await startScriptedCpe(t, [unauthorized('Basic realm="CPE"'), ok]);
  t.equal((await wake({ url: cpe.url, candidates })).outcome.kind, 'accepted');
  t.match(cpe.requests[1], '\r\nAuthorization: Basic Y3J1c2VyOmNycGFzcw==\r\n');
});

t.test('Digest before Basic, whatever the order and the headers', async (t) => {
  for (const challenges of [
    ['Basic realm="r"', 'Digest realm="r", nonce="N"'],
    ['Basic realm="r", Digest realm="r", nonce="N"'],
    ['Digest realm="r", nonce="no", algorithm=SHA-512-256', 'Digest realm="r", nonce="N"', 'Basic realm="r"'],
  ]) {
    const cpe = await startScriptedCpe(t, [unauthorized(...challenges), ok]);
    await wake({ url: cpe.url, candidates });
    t.match(cpe.requests[1], '\r\nAuthorization: Digest username="cruser", realm="r", nonce="N"');
  }
});

t.test('a connection that the CPE would keep for ever is cut', async (t) => {
  const text = `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nOK`;
  const cpe = await startScriptedCpe(t, [
    (socket) => {
      socket.setNoDelay(true);
      let at = 0;
      const next = () => {
        if (at < text.length) socket.write(text.charAt(at++), () => setImmediate(next));
      };
      next();
    },
  ]);
  const ours: Socket[] = [];
  const connect: HttpWakerEffects['connect'] = (to) => {
    const socket = new Socket().connect(to);
    ours.push(socket);
    return socket;
  };
  t.equal((await wake({ url: cpe.url }, {}, { connect })).outcome.kind, 'accepted');
  t.same(
    ours.map(({ destroyed }) => destroyed),
    [true],
  );
});

t.test('a user name beyond ASCII goes out as UTF-8', async (t) => {
  const cpe = await startScriptedCpe(t, [unauthorized('Digest realm="r", nonce="n"'), ok]);
  await wake({ url: cpe.url, candidates: [{ from: 'device', username: 'gätewäy', password: 'p' }] });
  t.match(cpe.requests[1], `username="${Buffer.from('gätewäy', 'utf8').toString('latin1')}"`);
});

t.test('IPv6', async (t) => {
  const cpe = await startScriptedCpe(t, [ok], '::1').catch(() => undefined);
  if (cpe === undefined) {
    t.pass('there is no IPv6 here');
    return;
  }
  t.equal((await wake({ url: cpe.url, sourceAddress: '::1' })).outcome.kind, 'accepted');
  t.match(cpe.requests[0], `Host: [::1]:${cpe.port}\r\n`);
});
