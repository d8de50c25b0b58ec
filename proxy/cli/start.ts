// causeway start: the gateway in a process of its own, with the same arguments. It is only started, never imported: the
// command line knows leaves.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PassThrough } from './command.ts';

/** The built file beside dist/proxy/cli/. */
const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

async function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN, ...args], {
    stdio: 'inherit',
    env: environment,
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches the gateway by itself, as a member of the terminal's group; twice would end it at once.
  process.on('SIGINT', () => undefined);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

export const start: PassThrough = {
  kind: 'pass-through',
  name: 'start',
  summary: 'runs the gateway; all options go to it (causeway start --help)',
  run,
};
