// A real NAT: the CPE runs in a network namespace of its own behind another one that masquerades (nftables). The gateway
// stands outside and has no route to it; all it can use is what the CPE keeps open.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import type { Harness } from '../gateway/harness.ts';
import { until } from '../process/scene.ts';

const RUN = fileURLToPath(new URL('../cpe/run.js', import.meta.url));
/** Of this process only, so that runs side by side do not meet. */
const mark = `cw${process.pid % 100_000}`;
/** The gateway's side of it is `.1`. */
export const network = `10.213.${process.pid % 250}`;
const [nat, inner] = [`${mark}n`, `${mark}c`];

/** Runs a command; throws with what it said when it fails. */
function run(line: string, input = ''): void {
  const [program = '', ...args] = line.split(' ');
  const { status, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line}: ${error?.message ?? stderr}`);
}

/** Why there can be no namespaces here; false where there can, and where TEST_NETNS is `required`. */
export function missingNamespaces(): string | false {
  if (process.env['TEST_NETNS'] === 'required') return false;
  if (process.getuid?.() !== 0) return 'network namespaces want root';
  for (const program of ['ip -V', 'nft -v']) {
    const [name = '', ...args] = program.split(' ');
    if (spawnSync(name, args, { stdio: 'ignore' }).status !== 0) return `no ${name} here (iproute2, nftables)`;
  }
  try {
    run(`ip netns add ${mark}x`);
    run(`ip netns del ${mark}x`);
    return false;
  } catch (error) {
    return `no network namespaces here: ${String(error)}`;
  }
}

export function raiseNat(t: Test): void {
  t.teardown(() => {
    for (const name of [inner, nat]) spawnSync('ip', ['netns', 'del', name]);
    spawnSync('ip', ['link', 'del', `${mark}o`]);
  });
  for (const name of [nat, inner]) {
    run(`ip netns add ${name}`);
    run(`ip -n ${name} link set lo up`);
  }
  run(`ip link add ${mark}o type veth peer name outer netns ${nat}`);
  run(`ip addr add ${network}.1/24 dev ${mark}o`);
  run(`ip link set ${mark}o up`);
  run(`ip -n ${nat} addr add ${network}.2/24 dev outer`);
  run(`ip -n ${nat} link set outer up`);
  run(`ip -n ${nat} link add inner type veth peer name wan netns ${inner}`);
  run(`ip -n ${nat} addr add 192.168.77.1/24 dev inner`);
  run(`ip -n ${nat} link set inner up`);
  run(`ip -n ${inner} addr add 192.168.77.2/24 dev wan`);
  run(`ip -n ${inner} link set wan up`);
  run(`ip -n ${inner} route add default via 192.168.77.1`);
  run(`ip netns exec ${nat} sysctl -q -w net.ipv4.ip_forward=1`);
  const rules = `table ip nat {
    chain out { type nat hook postrouting priority 100; oifname "outer" masquerade; }
  }
  table ip filter {
    chain in { type filter hook forward priority 0; iifname "outer" ct state new drop; }
  }`;
  run(`ip netns exec ${nat} nft -f -`, rules);
}

export interface CpeProcess {
  readonly lines: readonly string[];
  /** Resolves with the first line that says so; all of them are in the error when none does. */
  readonly seen: (text: RegExp) => Promise<string>;
}

/** `settings`: beside those that every CPE needs. */
export function startCpe(t: Test, acs: string, settings: readonly string[]): CpeProcess {
  const lines: string[] = [];
  const common = ['--acs', acs, '--dump', 'tiny-tr181', '--serial', 'NAT'];
  const credentials = ['--cr-username', 'acs', '--cr-password', 'acs-secret'];
  const args = ['netns', 'exec', inner, process.execPath, RUN, ...common, ...credentials, ...settings];
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => void lines.push(line));
  }
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const seen = (text: RegExp): Promise<string> =>
    until(async () => lines.find((line) => text.test(line)), String(text)).catch((error: unknown) => {
      throw new Error(lines.join('\n'), { cause: error });
    });
  return { lines, seen };
}

interface Listed {
  readonly endpointId: string;
  readonly session: string;
}

/** The CPE's Agent, when its session is over and it can be reached by being called only. */
export async function idleDevice(harness: Harness): Promise<Listed> {
  return until(async () => {
    const response = await fetch(`${harness.apiUrl}/devices`);
    const { devices } = (await response.json()) as { readonly devices: readonly Listed[] };
    return devices.find(({ session }) => session === 'none');
  }, 'the session is over');
}
