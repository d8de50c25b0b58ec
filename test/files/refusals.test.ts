// Who has no good URL gets nothing, with a reason that is told and counted.
import { existsSync } from 'node:fs';
import t from 'tap';
import { counted, untilCounted } from '../gateway/south-tools.ts';
import { until } from '../process/scene.ts';
import { exchange, head, startFiles, targetOf } from './file-gateway.ts';

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

t.test('URLs that are not good', async (t) => {
  const gateway = await startFiles(t);
  const id = await gateway.add(Buffer.from('a file'));
  const good = targetOf(await gateway.url(id));
  const [, token = ''] = good.split('/');
  const get = async (path: string, method = 'GET'): Promise<string> => {
    const { status, body } = await exchange(gateway, head(`${method} ${path} HTTP/1.1`, 'Connection: close'));
    return `${status} ${body.toString().trim()}`;
  };

  await t.test('none, guessed and altered ones', async (t) => {
    const altered = (at: number, by: string): string => token.slice(0, at) + by + token.slice(at + 1);
    const grown = await counted(gateway, ['files_refused'], async () => {
      for (const path of [
        '/',
        '/firmware.bin',
        '/../../etc/passwd',
        '/%2e%2e/x',
        `/${token.slice(0, -1)}`,
        `/${token}0`,
      ])
        t.equal(await get(path), '404 no-token', path);
      t.equal(await get(`/${'A'.repeat(20)}${'0'.repeat(32)}`), '403 wrong-token');
      t.equal(await get(`/${altered(0, token.startsWith('A') ? 'B' : 'A')}`), '403 wrong-token', 'another name');
      t.equal(await get(`/${altered(51, token.endsWith('0') ? '1' : '0')}`), '403 wrong-token', 'another MAC');
    });
    t.same(grown, { 'files_refused no-token': 6, 'files_refused wrong-token': 3 });
  });

  await t.test('what a URL is not for', async (t) => {
    for (const method of ['PUT', 'POST', 'DELETE', 'OPTIONS']) t.equal(await get(good, method), '405 method', method);
    t.equal(await get(targetOf(await gateway.uploadUrl())), '405 method');
  });

  await t.test('expired ones, and those whose file is gone', async (t) => {
    const short = targetOf(await gateway.url(id, { validFor: 1 }));
    const asked = async (): Promise<true | undefined> =>
      (await get(short, 'HEAD')).startsWith('200') ? undefined : true;
    await until(asked, 'the URL expires');
    t.equal(await get(short), '410 expired');
    const other = await gateway.add(Buffer.from('another'));
    const gone = targetOf(await gateway.url(other));
    await fetch(`${gateway.apiUrl}/files/${other}`, { method: 'DELETE' });
    t.equal(await get(gone), '404 no-file');
  });

  await t.test('with a user name and password, where the grant wants them', async (t) => {
    const path = targetOf(await gateway.url(id, { username: 'cpe', password: 'pass:word ü' }));
    const grown = await counted(gateway, ['files_refused'], async () => {
      const bare = await exchange(gateway, head(`GET ${path} HTTP/1.1`));
      t.match(bare, { status: 401 });
      t.equal(bare.headers.get('www-authenticate'), 'Basic realm="causeway files"');
      for (const pair of ['cpe:pass', 'cp:pass:word ü', 'cpe', ':', 'other:pass:word ü']) {
        t.equal(
          (await exchange(gateway, head(`GET ${path} HTTP/1.1`, `Authorization: ${basic(pair)}`))).status,
          401,
          pair,
        );
      }
    });
    t.same(grown, { 'files_refused no-credentials': 1, 'files_refused wrong-credentials': 5 });
    const answer = await exchange(gateway, head(`GET ${path} HTTP/1.1`, `Authorization: ${basic('cpe:pass:word ü')}`));
    t.equal(answer.body.toString(), 'a file');
    t.notMatch(gateway.log.join('\n'), /pass:word/);
    t.notMatch(gateway.log.join('\n'), token, 'a URL is a secret');
  });

  await t.test('what is not HTTP', async (t) => {
    t.equal((await exchange(gateway, '\x16\x03\x01\x02\r\n\r\n')).status, 400);
    await untilCounted(gateway, 'files_refused not-http', 1);
  });

  t.equal(existsSync('/tmp/evil'), false);
  t.equal(await get(good), '200 a file', 'and a good one is good still');
});

t.test('a URL that is asked again and again and never read to its end is worn out', async (t) => {
  const gateway = await startFiles(t);
  const url = await gateway.url(await gateway.add(Buffer.alloc(400_000)));
  const headers = { Range: 'bytes=0-399998' };
  let answer = 206;
  for (let n = 0; n < 20 && answer === 206; n += 1) {
    const response = await fetch(url, { headers });
    answer = response.status;
    const text = await response.text();
    if (answer !== 206) t.equal(text, 'worn-out\n');
  }
  t.equal(answer, 410);
});
