// The gateway as a process of its own, as it ships: started, told to stop, or killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface GatewayProcess {
  readonly pid: number;
  readonly addresses: {
    readonly cwmp: string;
    readonly http: string;
    readonly operate: string;
    readonly files: string;
  };
  /** Lines of its log so far. */
  readonly log: readonly string[];
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../proxy/main.js', import.meta.url));
/** One whose time runs so many times faster (`fast-gateway.ts`). */
export const fastGateway = (speed: number): readonly string[] => [
  fileURLToPath(new URL('fast-gateway.js', import.meta.url)),
  String(speed),
];
const FREE_PORTS = {
  'cwmp.listen': '127.0.0.1:0',
  'http.listen': '127.0.0.1:0',
  'operate.listen': '127.0.0.1:0',
  'files.listen': '127.0.0.1:0',
};

interface Up {
  readonly cwmp: string;
  readonly http: string;
  readonly operate: string;
  readonly files: string;
}

/** `program`: of the gateway as it ships by default. Resolves when it is up; rejects with what it said when it does not come up. */
export async function startGatewayProcess(
  settings: Readonly<Record<string, string>>,
  nodeArguments: readonly string[] = [],
  program: readonly string[] = [MAIN],
): Promise<GatewayProcess> {
  const flags = Object.entries({ ...FREE_PORTS, ...settings }).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(process.execPath, ['--enable-source-maps', ...nodeArguments, ...program, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = once(child, 'exit');
  const log: string[] = [];
  const up = new Promise<Up>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line);
      if (line.includes('"Causeway is up"')) resolve(JSON.parse(line) as Up);
    });
    child.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString('utf8')));
    void exited.then(() => reject(new Error(`the gateway did not come up:\n${log.join('\n')}`)));
  });
  const { cwmp, http, operate, files } = await up;
  return {
    pid: child.pid ?? 0,
    addresses: { cwmp, http, operate, files },
    log,
    stop: () => end(child, exited, 'SIGTERM'),
    async kill() {
      await end(child, exited, 'SIGKILL');
    },
  };
}

async function end(child: ChildProcess, exited: Promise<unknown>, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await exited;
  }
  return child.exitCode;
}
