// What benches share: memory of another process, medians, tables, and the tools that lie beside the project.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** Resident memory of a process, in KiB. */
export function residentKib(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return pages * 4;
}

const TOOLS = resolve('../shared/tools');
export const LOAD = resolve(TOOLS, 'cwmp-load.mjs');
export const FLOOR = resolve(TOOLS, 'floor-acs.mjs');

/** The load generator and the floor are not part of the project. */
export function requireTools(): void {
  if (existsSync(LOAD) && existsSync(FLOOR)) return;
  console.error(`this bench needs ${LOAD} and ${FLOOR}`);
  process.exit(2);
}

export interface Running {
  readonly pid: number;
  /** The first line that it printed. */
  readonly firstLine: string;
  stop(): Promise<void>;
}

/** Starts a Node program and waits for its first line that `accept`s. */
export async function start(
  file: string,
  args: readonly string[],
  accept: (line: string) => boolean = () => true,
): Promise<Running> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const firstLine = await new Promise<string>((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (accept(line)) found(line);
    });
    child.once('exit', (code) => failed(new Error(`${file} ended with ${String(code)} before it was up`)));
  });
  return { pid: child.pid ?? 0, firstLine, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export interface LoadReport {
  readonly sessions: { readonly done: number; readonly failed: number };
  readonly requests_per_session: number;
  readonly sut_total: { readonly ms_per_session: number };
  readonly rpcs: Readonly<Record<string, number>>;
}

/** One run of the load generator. */
export async function load(args: readonly string[]): Promise<LoadReport> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [LOAD, ...args, '--json'], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as LoadReport;
}

/** A folder of profiles under which every CPE is parked so; for the gateway's `--profiles.dir`. */
export function profilesWith(folder: string, park: 'never' | 'always'): string {
  const profiles = join(folder, `profiles-${park}`);
  mkdirSync(profiles, { recursive: true });
  const profile = { name: `bench-${park}`, match: {}, behaviour: { park } };
  writeFileSync(join(profiles, 'bench.yaml'), JSON.stringify({ profiles: [profile] }));
  return profiles;
}

export const benchGateway = fileURLToPath(new URL('bench-gateway.js', import.meta.url));

/** A gauge of the gateway's, by its name without the prefix. */
export async function gaugeOf(operate: string, name: string): Promise<number> {
  const text = await (await fetch(`http://${operate}/metrics`)).text();
  return Number(new RegExp(`^causeway_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [head, ...rows]) {
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    );
  }
}
