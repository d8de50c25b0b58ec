// A real NAT: the CPE runs in a network namespace of its own behind another one that masquerades (nftables). The gateway
// stands outside and has no route to it; all it can use is the binding that the CPE keeps open.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { until } from '../process/scene.ts';

const RUN = fileURLToPath(new URL('../cpe/run.js', import.meta.url));
const PATH = 'Device.DeviceInfo.SoftwareVersion';
/** Of this process only, so that runs side by side do not meet. */
const mark = `cw${process.pid % 100_000}`;
const network = `10.213.${process.pid % 250}`;
const [nat, inner] = [`${mark}n`, `${mark}c`];

/** Runs a command; throws with what it said when it fails. */
function run(line: string, input = ''): void {
  const [program = '', ...args] = line.split(' ');
  const { status, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line}: ${error?.message ?? stderr}`);
}

/** Why there can be no namespaces here; false where there can, and where TEST_NETNS is `required`. */
function missing(): string | false {
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

function raiseNat(t: Test): void {
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

interface CpeProcess {
  readonly lines: readonly string[];
}

function startCpe(t: Test, acs: string, stun: string): CpeProcess {
  const lines: string[] = [];
  const settings = ['--acs', acs, '--stun', stun, '--dump', 'tiny-tr181', '--serial', 'NAT'];
  const credentials = ['--cr-username', 'acs', '--cr-password', 'acs-secret'];
  const args = ['netns', 'exec', inner, process.execPath, RUN, ...settings, ...credentials];
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => void lines.push(line));
  }
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { lines };
}

interface Listed {
  readonly endpointId: string;
  readonly session: string;
}

t.test('a Get wakes a CPE behind NAT by UDP', { skip: missing() }, async (t) => {
  raiseNat(t);
  const harness = await startHarness(t, {
    'cwmp.listen': `${network}.1:0`,
    'stun.listen': `${network}.1:0`,
    insecure: 'true',
  });
  const { lines } = startCpe(t, harness.acsUrl, harness.gateway.addresses.stun ?? '');
  const seen = (text: RegExp) => until(async () => lines.find((line) => text.test(line)), String(text));
  await seen(/4 VALUE CHANGE/).catch((error: unknown) => {
    throw new Error(lines.join('\n'), { cause: error });
  });
  const device = await until(async () => {
    const response = await fetch(`${harness.apiUrl}/devices`);
    const { devices } = (await response.json()) as { readonly devices: readonly Listed[] };
    return devices.find(({ session }) => session === 'none');
  }, 'the session is over');
  t.notOk(lines.some((line) => line.includes('6 CONNECTION REQUEST')));

  const controller = await harness.controller();
  const answer = await controller.request(device.endpointId, { kind: 'get', param_paths: [PATH], max_depth: 0 });
  t.match(answer, { kind: 'get_resp', req_path_results: [{ requested_path: PATH, err_code: 0 }] });
  t.ok(await seen(/UDP Connection Request: taken/));
  t.ok(await seen(/opens: 6 CONNECTION REQUEST/));
});
