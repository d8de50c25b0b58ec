// A fleet that comes back after a power cut: every CPE boots within a minute, is discovered, and comes again by the retry
// table of TR-069 (§3.2.1.1) when it is refused or not heard. Nobody may be left without an InformResponse, and no event be
// stored twice. Run `ulimit -n 20000`, then `npm run -s build && node dist/test/bench/storm.js [cpes] [sessions at once] [seconds]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StateDocument } from '../../proxy/store/documents/state.ts';
import { LogDocuments } from '../../proxy/store/embedded/log-documents.ts';
import { openLog } from '../../proxy/store/log/log.ts';
import { answerTo, BareCpe } from './bare-cpe.ts';
import { benchGateway, median, percentile, residentKib, start, table } from './measure.ts';

const CPES = Number(process.argv[2] ?? 10_000);
/** Fewer than come at once, so that some are refused. */
const SESSION_CAP = Number(process.argv[3] ?? 500);
const WITHIN_MS = Number(process.argv[4] ?? 60) * 1000;
const PATIENCE_MS = 300_000;
const ANSWER_MS = 30_000;
const BOOT = ['0 BOOTSTRAP', '1 BOOT'];

/** Milliseconds before retry `count`, from 1 on: between 5·2^(n-1) and 5·2^n seconds, n at most 10. */
const retryWait = (count: number): number => 5000 * 2 ** (Math.min(count, 10) - 1) * (1 + Math.random());

const tally = { refused: 0, broken: 0 };
/** Milliseconds from a CPE's boot to its first InformResponse, by its serial number. */
const told = new Map<string, number>();

/** Until a session has come to its end. */
async function boot(port: number, index: number): Promise<void> {
  await sleep(Math.random() * WITHIN_MS);
  const began = performance.now();
  for (let retryCount = 0; ; retryCount += 1) {
    if (retryCount > 0) await sleep(retryWait(retryCount));
    try {
      if (await session(port, { serial: `STORM${String(index).padStart(6, '0')}`, events: BOOT, retryCount }, began))
        return;
      tally.refused += 1;
    } catch {
      tally.broken += 1;
    }
  }
}

/** False when it was refused; throws when it broke, be it before the InformResponse or after. */
async function session(port: number, opening: Parameters<BareCpe['open']>[0], began: number): Promise<boolean> {
  const cpe = await BareCpe.connect(port);
  const timer = setTimeout(() => cpe.close(), ANSWER_MS);
  try {
    if ((await cpe.open(opening)).status !== 200) return false;
    if (!told.has(opening.serial)) told.set(opening.serial, performance.now() - began);
    for (let said = await cpe.post(''); said.status === 200;) said = await cpe.post(answerTo(said.body));
    return true;
  } finally {
    clearTimeout(timer);
    cpe.close();
  }
}

/** Each CPE has booted once: its first event is its last. */
async function eventsStoredTwice(): Promise<number> {
  const log = await openLog({ folder: join(folder, 'data'), sync: 'none', clock: Date.now, onEvent: () => undefined });
  const documents = new LogDocuments(log);
  const stored = documents.keys('state/').map((path) => documents.read<StateDocument>(path)?.sequence ?? 0);
  await log.close();
  return stored.reduce((sum, sequence) => sum + Math.max(0, sequence - 1), 0);
}

const folder = mkdtempSync(join(tmpdir(), 'causeway-storm-'));
const gateway = await start(benchGateway, [`--data.dir=${join(folder, 'data')}`, `--session.cap=${SESSION_CAP}`]);
const { cwmp, operate } = JSON.parse(gateway.firstLine) as Record<'cwmp' | 'operate', string>;
const port = Number(cwmp.split(':')[1]);
const resident: number[] = [];
const watch = setInterval(() => {
  resident.push(residentKib(gateway.pid));
  if (process.stderr.isTTY) process.stderr.write(`\r${told.size} of ${CPES} told, ${tally.refused} refused `);
}, 1000);
const begun = performance.now();
const all = Promise.all(Array.from({ length: CPES }, (_, index) => boot(port, index)));
await Promise.race([all, sleep(PATIENCE_MS, undefined, { ref: false })]);
const took = performance.now() - begun;
clearInterval(watch);
const metrics = await (await fetch(`http://${operate}/metrics`)).text();
await gateway.stop();
const twice = await eventsStoredTwice();
const counted = (name: string): string => new RegExp(`^causeway_${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? '0';
console.log(`${CPES} CPEs boot within ${WITHIN_MS / 1000} s, at most ${SESSION_CAP} sessions at once`);
table(
  ['', ''],
  [
    ['InformResponses', String(told.size)],
    ['Informs accepted, by the gateway', counted('cwmp_informs_total\\{event="0 BOOTSTRAP"\\}')],
    ['events stored more than once', String(twice)],
    ['refused with 503', String(tally.refused)],
    ['connections broken', String(tally.broken)],
    ['seconds until the last session was over', (took / 1000).toFixed(1)],
    ['InformResponse after, median s', (median([...told.values()]) / 1000).toFixed(2)],
    ['InformResponse after, p99 s', (percentile([...told.values()], 0.99) / 1000).toFixed(2)],
    ['resident MB at most', (Math.max(...resident) / 1024).toFixed(0)],
  ],
);
rmSync(folder, { recursive: true, force: true });
process.exit(told.size === CPES && twice === 0 ? 0 : 1);
