// What it costs to send a file, against a bare node:http server that pipes the same file from the same folder: throughput,
// CPU and the most memory, with one reader and with many at once. `node dist/test/bench/files.js [MiB] [rounds]`
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchGateway, median, residentKib, type Running, start, table } from './measure.ts';

const [mebibytes = 200, rounds = 5] = process.argv.slice(2).map(Number);
const SIZE = mebibytes << 20;
const TICK_MS = 10;

/** User and system time that a process has taken, in milliseconds (proc(5): clock ticks, 100 a second). */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function* zeros(): AsyncGenerator<Buffer, void> {
  const part = Buffer.alloc(1 << 20);
  for (let sent = 0; sent < SIZE; sent += part.length) yield part;
}

async function load(url: string): Promise<void> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
  let read = 0;
  for await (const chunk of response) read += (chunk as Buffer).length;
  if (read !== SIZE) throw new Error(`${read} bytes of ${SIZE}`);
}

interface Measured {
  readonly mbPerS: number;
  readonly cpuMsPerGb: number;
  readonly mostMib: number;
}

async function measure({ pid }: Running, url: string, readers: number): Promise<Measured> {
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, residentKib(pid))), 20);
  const [began, cpu] = [performance.now(), cpuMs(pid)];
  await Promise.all(Array.from({ length: readers }, () => load(url)));
  const [tookS, bytes] = [(performance.now() - began) / 1000, SIZE * readers];
  clearInterval(look);
  return { mbPerS: bytes / 1e6 / tookS, cpuMsPerGb: (cpuMs(pid) - cpu) / (bytes / 1e9), mostMib: most / 1024 };
}

const medians = (all: readonly Measured[]): Measured => ({
  mbPerS: median(all.map(({ mbPerS }) => mbPerS)),
  cpuMsPerGb: median(all.map(({ cpuMsPerGb }) => cpuMsPerGb)),
  mostMib: Math.max(...all.map(({ mostMib }) => mostMib)),
});

const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
const gateway = await start(benchGateway, [`--data.dir=${join(folder, 'data')}`]);
const { http } = JSON.parse(gateway.firstLine) as { readonly http: string };
const api = `http://${http}/api/v1/files`;
const began = performance.now();
const added = await fetch(`${api}?name=large`, { method: 'POST', body: zeros(), duplex: 'half' });
const { id } = (await added.json()) as { readonly id: string };
console.log(
  `brought: ${(SIZE / 1e6 / ((performance.now() - began) / 1000)).toFixed(0)} MB/s, with six checksums and synced`,
);
const headers = { 'Content-Type': 'application/json' };
const made = await fetch(`${api}/${id}/grants`, { method: 'POST', headers, body: JSON.stringify({ count: 10_000 }) });
const { url } = (await made.json()) as { readonly url: string };
const bare = await start(fileURLToPath(new URL('bare-file.js', import.meta.url)), [join(folder, 'data', 'blobs', id)]);
const bareUrl = `http://127.0.0.1:${(JSON.parse(bare.firstLine) as { readonly port: number }).port}/`;

const rows: string[][] = [];
// Four at once is what one URL may have.
for (const readers of [1, 4]) {
  const [ours, floor]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    const [one, other] = [await measure(gateway, url, readers), await measure(bare, bareUrl, readers)];
    // The first warms both up.
    if (round > 0) {
      ours.push(one);
      floor.push(other);
    }
  }
  const [mine, bareOnes] = [medians(ours), medians(floor)];
  const row = (name: string, { mbPerS, cpuMsPerGb, mostMib }: Measured): string[] => [
    `${readers} at once, ${name}`,
    mbPerS.toFixed(0),
    cpuMsPerGb.toFixed(0),
    mostMib.toFixed(0),
  ];
  rows.push(row('Causeway', mine), row('bare', bareOnes), [
    `${readers} at once, ratio`,
    (mine.mbPerS / bareOnes.mbPerS).toFixed(2),
    (mine.cpuMsPerGb / bareOnes.cpuMsPerGb).toFixed(2),
    '',
  ]);
}
table([`${mebibytes} MiB`, 'MB/s', 'CPU ms/GB', 'most MiB'], rows);
await Promise.all([gateway.stop(), bare.stop()]);
rmSync(folder, { recursive: true, force: true });
