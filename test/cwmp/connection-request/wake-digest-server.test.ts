// Against a server that has nothing of ours: node:http parses the requests strictly, and the Digest check is written
// from RFC 7616 alone.
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import t from 'tap';
import { wake } from './waker.ts';

const users = new Map([['gateway', 'pass: with "all" \\ kinds, é']]);

function check(authorization: string, method: string, url: string, realm: string, nonces: Set<string>): boolean {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, bare] of authorization.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    parameters.set(name, quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
  }
  const [username = '', nonce = '', algorithm = 'MD5', cnonce = '', nc = '', uri = ''] = [
    'username',
    'nonce',
    'algorithm',
    'cnonce',
    'nc',
    'uri',
  ].map((name) => parameters.get(name));
  if (!nonces.delete(nonce) || uri !== url || parameters.get('realm') !== realm) return false;
  const hash = (text: string) =>
    createHash(algorithm.startsWith('SHA-256') ? 'sha256' : 'md5')
      .update(text, 'utf8')
      .digest('hex');
  const identity = hash(`${username}:${realm}:${users.get(username) ?? randomUUID()}`);
  const ha1 = algorithm.endsWith('-sess') ? hash(`${identity}:${nonce}:${cnonce}`) : identity;
  const ha2 = hash(`${method}:${uri}`);
  const qop = parameters.get('qop');
  if (qop !== undefined && (nc !== '00000001' || cnonce.length < 8)) return false;
  const expected =
    qop === undefined ? hash(`${ha1}:${nonce}:${ha2}`) : hash(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
  return parameters.get('response') === expected;
}

t.test('every algorithm, with and without qop', async (t) => {
  for (const algorithm of [undefined, 'MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess']) {
    for (const qop of [undefined, 'auth', 'auth-int,auth']) {
      const nonces = new Set<string>();
      const realm = 'the CPE, "home"';
      const seen: string[][] = [];
      const server = createServer((request, response) => {
        seen.push(request.rawHeaders.filter((_, index) => index % 2 === 0));
        const { authorization } = request.headers;
        if (authorization !== undefined && check(authorization, 'GET', request.url ?? '', realm, nonces)) {
          response.writeHead(200).end();
          return;
        }
        const nonce = randomUUID();
        nonces.add(nonce);
        const parameters = [`realm="${realm.replace(/"/g, '\\"')}"`, `nonce="${nonce}"`];
        if (qop !== undefined) parameters.push(`qop="${qop}"`);
        if (algorithm !== undefined) parameters.push(`algorithm=${algorithm}`);
        response.writeHead(401, { 'WWW-Authenticate': `Digest ${parameters.join(', ')}` }).end();
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a/b%20c?id=1&x=%22`;
      const candidates = [
        { from: 'wrong password', username: 'gateway', password: 'guess' },
        { from: 'wrong user', username: 'nobody', password: users.get('gateway') ?? '' },
        { from: 'device', username: 'gateway', password: users.get('gateway') ?? '' },
      ];
      const { outcome } = await wake({ url, candidates });
      t.match(outcome, { kind: 'accepted', authenticated: true }, `${algorithm ?? 'no algorithm'}, ${qop ?? 'no qop'}`);
      t.same(seen[0], ['Host', 'Connection']);
      t.same(seen.slice(1), Array(3).fill(['Host', 'Authorization', 'Connection']));
      server.close();
    }
  }
});
