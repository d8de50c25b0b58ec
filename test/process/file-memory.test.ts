// However large a file and however many load it, the gateway holds little of it in memory.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import t from 'tap';
import { residentKib } from '../bench/measure.ts';
import { temporaryFolder } from '../gateway/harness.ts';
import { startGatewayProcess } from './gateway-process.ts';

const MIB = 1 << 20;
const LARGE = 200 * MIB;
const READERS = 24;
/** Held whole, one file alone would be more; two chunks for each reader are 3 MiB. */
const ALLOWED_KIB = 150 * 1024;

async function* zeros(): AsyncGenerator<Buffer, void> {
  const part = Buffer.alloc(MIB);
  for (let sent = 0; sent < LARGE; sent += part.length) yield part;
}

t.test('200 MiB brought once, and loaded by many at once', async (t) => {
  const gateway = await startGatewayProcess({ 'data.dir': join(temporaryFolder(t), 'data') });
  t.teardown(() => gateway.stop());
  const files = `http://${gateway.addresses.http}/api/v1/files`;
  const before = residentKib(gateway.pid);
  let most = before;
  const look = setInterval(() => (most = Math.max(most, residentKib(gateway.pid))), 20);
  t.teardown(() => clearInterval(look));
  const added = await fetch(`${files}?name=large`, { method: 'POST', body: zeros(), duplex: 'half' });
  const { id, size, checksums } = (await added.json()) as {
    readonly id: string;
    readonly size: number;
    readonly checksums: Readonly<Record<string, string>>;
  };
  t.equal(size, LARGE);
  t.equal(checksums['MD5'], createHash('md5').update(Buffer.alloc(LARGE)).digest('hex'));

  const open = async (): Promise<IncomingMessage> => {
    const made = await fetch(`${files}/${id}/grants`, { method: 'POST' });
    const [response] = (await once(get(((await made.json()) as { url: string }).url), 'response')) as [IncomingMessage];
    return response.pause();
  };
  const readers = await Promise.all(Array.from({ length: READERS }, open));
  // Most of them stand still, which is when a server would pile up; some read all of it meanwhile.
  for (const reader of readers.slice(0, 3)) {
    let read = 0;
    for await (const chunk of reader) read += (chunk as Buffer).length;
    t.equal(read, LARGE);
  }
  for (const reader of readers) reader.destroy();
  t.ok(most - before < ALLOWED_KIB, `${Math.round((most - before) / 1024)} MiB more at most`);
});
