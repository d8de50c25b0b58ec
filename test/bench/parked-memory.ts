// What a parked CPE costs in resident memory: from none to 10,000, the load in another process, no collection forced. Once
// with CPEs that the gateway has never seen, once with those it knows. Run `ulimit -n 20000`, then
// `npm run -s build && node dist/test/bench/parked-memory.js [devices]`. Needs the tools in ../shared/tools.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  benchGateway,
  gaugeOf,
  LOAD,
  median,
  profilesWith,
  requireTools,
  residentKib,
  start,
  table,
} from './measure.ts';

const DEVICES = Number(process.argv[2] ?? 10_000);
const STEPS = 4;
/** New sessions a second: a rate that the gateway and the load generator both bear without a queue. */
const RATE = 250;
/** After the last CPE is parked, until what its session left behind is collected in the ordinary way. */
const SETTLE_MS = 20_000;
const SAMPLES = 10;

requireTools();
const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));

/** The median of some seconds: collections make the figure go up and down. */
async function resident(pid: number): Promise<number> {
  const samples: number[] = [];
  for (let taken = 0; taken < SAMPLES; taken += 1) {
    samples.push(residentKib(pid));
    await sleep(300);
  }
  return median(samples);
}

async function measure(title: string, events: string): Promise<void> {
  const gateway = await start(benchGateway, [
    `--data.dir=${join(folder, 'data')}`,
    `--profiles.dir=${profilesWith(folder, 'always')}`,
    // Nobody leaves before the last one is measured.
    '--park.max=30m',
    '--park.idle=30m',
  ]);
  const { cwmp, operate } = JSON.parse(gateway.firstLine) as { readonly cwmp: string; readonly operate: string };
  const rows: string[][] = [];
  const before = await resident(gateway.pid);
  rows.push(['0', before.toFixed(0), '']);
  const fleet = ['--root', 'device', '--params', '200', '--devices', String(DEVICES), '--serial-prefix', 'M'];
  const load = spawn(
    process.execPath,
    [
      ...[LOAD, '--url', `http://${cwmp}/`, ...fleet, '--concurrency', String(DEVICES), '--rate', String(RATE)],
      ...['--park', '1800', '--max-time', '1800', '--local-ips', '4', '--events', events],
    ],
    { stdio: 'ignore' },
  );
  for (let step = 1; step <= STEPS; step += 1) {
    const aim = Math.floor((DEVICES * step) / STEPS);
    while ((await gaugeOf(operate, 'cwmp_parked')) < aim * 0.999) await sleep(250);
    if (step === STEPS) await sleep(SETTLE_MS);
    const now = await resident(gateway.pid);
    const parked = await gaugeOf(operate, 'cwmp_parked');
    rows.push([String(parked), now.toFixed(0), ((now - before) / parked).toFixed(1)]);
  }
  // The next run takes the devices over from an incarnation that is gone, as after any crash.
  await gateway.stop();
  load.kill('SIGKILL');
  console.log(`\n${title}`);
  table(['parked', 'resident KiB', 'KiB each'], rows);
}

await measure('first contact: each CPE is discovered and stored', '0 BOOTSTRAP,1 BOOT');
await measure('a fleet that the store knows', '2 PERIODIC');
rmSync(folder, { recursive: true, force: true });
