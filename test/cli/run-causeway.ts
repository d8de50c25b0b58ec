// The command from the shell's side: arguments in, lines and an exit code out. In this process, or as a child process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../../proxy/cli/commands.ts';
import { dispatch } from '../../proxy/cli/dispatch.ts';
import type { Io } from '../../proxy/cli/output/io.ts';
import { noPaint } from '../../proxy/cli/output/paint.ts';
import type { Cpe } from '../cpe/cpe.ts';
import type { CpeOptions } from '../cpe/options.ts';
import type { Harness } from '../gateway/harness.ts';

export const CAUSEWAY = fileURLToPath(new URL('../../proxy/cli/causeway.js', import.meta.url));

const VERSION = '0.0.0';

interface Test {
  teardown(run: () => unknown): void;
}

/** Nothing of this process's own settings: only what the test gives. */
function start(args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  return spawn(process.execPath, [CAUSEWAY, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Standard output read as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** The command in this process, from its words on: what it prints, and the exit code that it hands to the shell. */
export async function runCauseway(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const text = { out: '', err: '' };
  const io: Io = {
    out: (line) => void (text.out += `${line}\n`),
    err: (line) => void (text.err += `${line}\n`),
    paint: noPaint,
    errPaint: noPaint,
  };
  const code = await dispatch(args, COMMANDS, { environment, io, version: VERSION });
  return { code, ...text, json: parsed(text.out) };
}

/** The real command, where the process is what is tested. */
export async function spawnCauseway(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = start(args, environment);
  const text = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...text, json: parsed(text.out) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Address of the harness's gateway, for --gateway or CAUSEWAY_GATEWAY. */
export const gatewayOf = (harness: Harness): string => harness.apiUrl.replace('/api/v1', '');

/** A command with the harness's gateway. */
export const causeway = (harness: Harness, ...args: readonly string[]): Promise<Finished> =>
  runCauseway(args, { CAUSEWAY_GATEWAY: gatewayOf(harness) });

export interface Running {
  /** All lines so far, of both outputs, in order of their coming. */
  readonly lines: readonly string[];
  /** The first line for which `accept` holds, past or to come. */
  line(accept: (line: string) => boolean, limitMs?: number): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** The exit code; undefined when a signal ended it. */
  readonly ended: Promise<number | null>;
}

const LIMIT_MS = 20_000;

/** A command that goes on; ended with the test. */
export function runningCauseway(
  t: Test,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Running {
  const child = start(args, environment);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const look of [...waiting]) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    lines,
    ended,
    signal: (signal) => void child.kill(signal),
    line: (accept, limitMs = LIMIT_MS) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no such line within ${limitMs} ms; there were\n${lines.join('\n')}`));
        }, limitMs);
        const look = (): void => {
          const found = lines.find(accept);
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** A CPE that has reported once, so that the gateway knows it. */
export async function knownCpe(harness: Harness, options: Partial<CpeOptions> = {}): Promise<Cpe> {
  const cpe = harness.cpe(options);
  const first = cpe.nextSession();
  await cpe.start();
  await first;
  return cpe;
}
