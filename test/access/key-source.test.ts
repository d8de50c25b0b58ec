// Keys from a URL: what is no answer with keys is an error, soon and whatever its size.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { fetchKeys } from '../../proxy/access/key-source.ts';

async function served(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

t.test('keys', async (t) => {
  const url = await served(t, (_request, response) => response.end('{"keys":[{"kty":"EC"}],"more":1}'));
  t.same(await fetchKeys(url), { keys: [{ kty: 'EC' }] });
});

t.test('what is none', async (t) => {
  const elsewhere = await served(t, (_request, response) => response.end('{"keys":[]}'));
  const answers: readonly (readonly [string, RequestListener])[] = [
    ['another status', (_request, response) => response.writeHead(404).end('{"keys":[]}')],
    ['a redirect', (_request, response) => response.writeHead(302, { Location: elsewhere }).end()],
    ['no JSON', (_request, response) => response.end('<html>')],
    ['no keys', (_request, response) => response.end('{"keys":{}}')],
    ['a connection that is cut', (request) => request.socket.destroy()],
  ];
  for (const [name, answer] of answers) await t.rejects(fetchKeys(await served(t, answer)), name);
});

t.test('an answer that does not end is cut off', async (t) => {
  let written = 0;
  const url = await served(t, (_request, response) => {
    const more = (): void => {
      do written += 1;
      while (response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  });
  await t.rejects(fetchKeys(url), { message: /larger than/ });
  t.ok(written < 1000, 'soon');
});
