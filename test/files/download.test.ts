// A CPE loads a file: whole and in parts, with what it needs to go on after a cut.
import { createHash, randomBytes } from 'node:crypto';
import t from 'tap';
import { counted } from '../gateway/south-tools.ts';
import { exchange, head, oneMore, startFiles, targetOf } from './file-gateway.ts';

const BYTES = randomBytes(300_000);
const TAG = `"${createHash('sha256').update(BYTES).digest('hex')}"`;

t.test('downloads', async (t) => {
  const gateway = await startFiles(t);
  const id = await gateway.add(BYTES, 'Firm "ware" ü 1.0.bin');

  await t.test('whole', async (t) => {
    const url = await gateway.url(id);
    const done = await oneMore(gateway, 'downloaded');
    t.match(url, /^http:\/\/127\.0\.0\.1:\d+\/[A-Z2-7]{20}[0-9a-f]{32}\/Firm_ware_1\.0\.bin$/);
    const answer = await fetch(url);
    t.equal(answer.status, 200);
    t.same(Object.fromEntries(answer.headers), {
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      connection: 'close',
      'content-disposition': `attachment; filename="Firm _ware_ _ 1.0.bin"; filename*=UTF-8''Firm%20%22ware%22%20%C3%BC%201.0.bin`,
      'content-length': String(BYTES.length),
      'content-type': 'application/octet-stream',
      date: answer.headers.get('date'),
      etag: TAG,
      'last-modified': answer.headers.get('last-modified'),
      'x-content-type-options': 'nosniff',
    });
    t.ok(Buffer.from(await answer.arrayBuffer()).equals(BYTES));
    await done();
    const again = await fetch(url);
    t.equal(again.status, 410, 'once');
    t.equal(await again.text(), 'used-up\n');
  });

  await t.test('HEAD and what is not modified cost nothing', async (t) => {
    const url = await gateway.url(id);
    const asked = await fetch(url, { method: 'HEAD', headers: { Range: 'bytes=0-9' } });
    t.same([asked.status, asked.headers.get('content-length'), asked.headers.get('etag')], [200, '300000', TAG]);
    const known = await fetch(url, { headers: { 'If-None-Match': TAG } });
    t.same([known.status, known.headers.get('etag'), await known.text()], [304, TAG, '']);
    t.equal((await fetch(url, { headers: { 'If-Match': '"other"' } })).status, 412);
    t.ok(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(BYTES), 'it is good for one download still');
  });

  await t.test('HTTP/1.0, and any path before and behind the token', async (t) => {
    const path = targetOf(await gateway.url(id));
    const answer = await exchange(gateway, head(`GET /some/prefix${path}?x=1 HTTP/1.0`));
    t.equal(answer.status, 200);
    t.ok(answer.body.equals(BYTES));
  });

  await t.test('cut, and gone on with', async (t) => {
    const url = await gateway.url(id);
    const done = await oneMore(gateway, 'downloaded');
    const first = await fetch(url);
    const reader = first.body?.getReader();
    const start = Buffer.from((await reader?.read())?.value ?? []);
    await reader?.cancel();
    const headers = { Range: `bytes=${start.length}-`, 'If-Range': TAG };
    const rest = await fetch(url, { headers });
    t.equal(rest.status, 206);
    t.equal(rest.headers.get('content-range'), `bytes ${start.length}-299999/300000`);
    t.ok(Buffer.concat([start, Buffer.from(await rest.arrayBuffer())]).equals(BYTES));
    await done();
    t.equal((await fetch(url)).status, 410, 'both were one download');
  });

  await t.test('in parts, each on a connection of its own', async (t) => {
    const url = await gateway.url(id);
    const parts: Buffer[] = [];
    for (let at = 0; at < BYTES.length; at += 70_000) {
      const part = await fetch(url, { headers: { Range: `bytes=${at}-${at + 69_999}` } });
      t.equal(part.status, 206);
      parts.push(Buffer.from(await part.arrayBuffer()));
    }
    t.ok(Buffer.concat(parts).equals(BYTES));
    t.equal((await fetch(url)).status, 410);
  });

  await t.test('as often as was granted', async (t) => {
    const url = await gateway.url(id, { count: 3 });
    for (let n = 0; n < 3; n += 1) {
      const done = await oneMore(gateway, 'downloaded');
      t.equal((await (await fetch(url)).arrayBuffer()).byteLength, BYTES.length);
      await done();
    }
    t.equal((await fetch(url)).status, 410);
  });

  await t.test('each is counted with its outcome', async (t) => {
    const url = await gateway.url(id);
    const grown = await counted(gateway, ['files_transfer', 'files_refused'], async () => {
      const ended = [await oneMore(gateway, 'download-part'), await oneMore(gateway, 'downloaded')];
      await (await fetch(url, { headers: { Range: 'bytes=-5' } })).text();
      await (await fetch(url)).arrayBuffer();
      for (const done of ended) await done();
      await fetch(url);
    });
    t.same(grown, {
      'files_transfer download-part': 1,
      'files_transfer downloaded': 1,
      'files_refused used-up': 1,
    });
  });
});
