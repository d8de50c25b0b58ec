// Files in the API: added as a stream, listed, made known to CPEs by URLs, removed.
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { call } from './api-tools.ts';

const BYTES = randomBytes(100_000);
const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

t.test('files', async (t) => {
  const harness = await startHarness(t, { 'files.max': '200KB', 'files.total': '1MB' });
  const path = '/files?name=fw.bin&type=1%20Firmware%20Upgrade%20Image&vendor=V&model=M&version=2';
  const { body, status } = await call(harness, path, { method: 'PUT', body: BYTES });
  const { id } = body as { readonly id: string };

  await t.test('added, with all that is known of it', async (t) => {
    t.equal(status, 201);
    const sums = Object.fromEntries(
      ['MD5', 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'].map((name) => [
        name,
        createHash(name).update(BYTES).digest('hex'),
      ]),
    );
    const about = { name: 'fw.bin', fileType: '1 Firmware Upgrade Image', vendor: 'V', model: 'M', version: '2' };
    t.match(body, { id: /^[A-Z2-7]{20}$/, ...about, size: 100_000, checksums: sums, storedAt: String, device: null });
    t.same((await call(harness, '/files')).body, { files: [body], next: null });
    t.same((await call(harness, `/files/${id}`)).body, body);
  });

  await t.test('added by POST of any type, JSON too, byte for byte', async (t) => {
    const headers = { 'Content-Type': 'application/json' };
    const added = await call(harness, '/files?name=x.json', { method: 'POST', headers, body: '{ not json' });
    const { id: other } = added.body as { readonly id: string };
    const content = await fetch(`${harness.apiUrl}/files/${other}/content`);
    t.equal(await content.text(), '{ not json');
    t.equal(content.headers.get('content-disposition'), 'attachment');
    const page = await call(harness, '/files?limit=1');
    t.match(page.body, { files: [{ id }], next: id });
    t.match(await call(harness, `/files?limit=1&after=${id}`), { body: { files: [{ id: other }], next: null } });
    t.equal((await call(harness, `/files/${other}`, { method: 'DELETE' })).status, 200);
    t.equal((await call(harness, `/files/${other}`, { method: 'DELETE' })).status, 404);
    t.equal((await fetch(`${harness.apiUrl}/files/${other}/content`)).status, 404);
  });

  await t.test('what is refused', async (t) => {
    const bad = { status: 400, body: { error: 'bad-request', message: String } };
    const put = (query: string, content: string | Uint8Array = 'x') =>
      call(harness, `/files${query}`, { method: 'POST', body: content });
    t.match(await put(''), bad, 'no name');
    t.match(await put('?name=a&name=b'), bad);
    t.match(await put('?name=a&path=b'), bad);
    t.match(await put(`?name=${'a'.repeat(257)}`), bad);
    t.match(await put('?name=a', Buffer.alloc(200_001)), { status: 413, body: { error: 'file-too-large' } });
    for (let n = 0; n < 4; n += 1) t.equal((await put('?name=a', Buffer.alloc(200_000))).status, 201);
    t.match(await put('?name=a', Buffer.alloc(200_000)), { status: 507, body: { error: 'total-full' } });
    t.match(await call(harness, '/files?after=x'), bad);
    for (const wish of [
      { validFor: 0 },
      { validFor: 2_592_001 },
      { count: 1.5 },
      { device: '../x' },
      { username: 'u' },
      { name: 'x' },
      { unknown: 1 },
      [],
      'text',
    ]) {
      t.match(await call(harness, `/files/${id}/grants`, json(wish)), bad, JSON.stringify(wish));
    }
    for (const none of ['AAAAAAAAAAAAAAAAAAAA', '..%2Flog', 'x'])
      t.equal((await call(harness, `/files/${none}/grants`, json({}))).status, 404);
  });

  await t.test('a URL says until when and how often', async (t) => {
    const before = Date.now();
    const wish = { device: '02C0DE-Router-T0001', validFor: 3600, count: 2 };
    const { status, body } = await call(harness, `/files/${id}/grants`, json(wish));
    const { url, expiresAt, count } = body as { url: string; expiresAt: string; count: number };
    t.same([status, count], [201, 2]);
    t.ok(Date.parse(expiresAt) >= before + 3_600_000 && Date.parse(expiresAt) <= Date.now() + 3_600_000);
    t.ok(url.startsWith(`http://${harness.gateway.addresses.files}/`));
    t.equal((await (await fetch(url)).arrayBuffer()).byteLength, BYTES.length);
    t.match(await call(harness, `/files/${id}/grants`, { method: 'POST' }), { status: 201, body: { count: 1 } });
  });

  await t.test('an upload that breaks off leaves nothing', async (t) => {
    const before = (await call(harness, '/files')).body;
    const sending = request(`${harness.apiUrl}/files?name=half`, {
      method: 'POST',
      headers: { 'Content-Length': 5000 },
    });
    sending.on('error', () => undefined).write(Buffer.alloc(1000), () => sending.destroy());
    await new Promise((resolve) => sending.once('close', resolve));
    t.same((await call(harness, '/files')).body, before);
  });
});

t.test('the base of the URLs may be told', async (t) => {
  const harness = await startHarness(t, { 'public.files': 'https://files.example.net/cpe/' });
  const { body } = await call(harness, '/files/uploads', json({ name: 'log' }));
  t.match((body as { url: string }).url, /^https:\/\/files\.example\.net\/cpe\/[A-Z2-7]{20}[0-9a-f]{32}$/);
  const any = startHarness(t, { 'files.listen': '0.0.0.0:0' });
  await t.rejects(
    any,
    { code: 'CAUSEWAY_CONFIG_INVALID', message: /public\.files/ },
    'where it cannot be guessed it must be',
  );
});
