// What a session costs in CPU: a periodic Inform with nothing to do, and sessions in which a waiting Get reads 200 and
// 2,000 parameters through to an encoded GetResp; each against the floor with as many HTTP requests, in interleaved
// rounds. Run `npm run -s build && node dist/test/bench/sessions.js [rounds]`. Needs the tools in ../shared/tools.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller } from '../../proxy/cli/usp/controller.ts';
import {
  benchGateway,
  FLOOR,
  load,
  type LoadReport,
  median,
  profilesWith,
  requireTools,
  type Running,
  start,
  table,
} from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const READ_BATCH = 64;

interface Case {
  readonly name: string;
  readonly params: number;
  readonly devices: number;
  readonly sessions: number;
  /** Whether a Get of everything waits for each session. */
  readonly reads: boolean;
}
const CASES: readonly Case[] = [
  { name: 'periodic Inform, nothing to do', params: 200, devices: 500, sessions: 5000, reads: false },
  { name: 'Get of 200 parameters', params: 200, devices: 400, sessions: 400, reads: true },
  { name: 'Get of 2,000 parameters', params: 2000, devices: 60, sessions: 60, reads: true },
];

requireTools();
const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));

const fleet = ({ params, devices }: Case): string[] => [
  ...['--root', 'device', '--params', String(params), '--devices', String(devices)],
  ...['--serial-prefix', `B${params}`, '--product', 'Bench'],
];
const agentOf = ({ params }: Case, index: number): string =>
  `ops::0019AA-Bench-B${params}${String(index).padStart(6, '0')}`;

/** A responder that makes as many RPCs as the gateway does, and has as many parameters read to it. */
function startFloor(names: readonly string[], rpcs: number): Promise<Running> {
  if (rpcs === 0) return start(FLOOR, ['--port', '0']);
  const file = join(folder, `names-${names.length}`);
  writeFileSync(file, names.join('\n'));
  const batch = Math.ceil(names.length / rpcs);
  return start(FLOOR, ['--port', '0', '--mode', 'gpv', '--names', file, '--batch', String(batch)]);
}

/** Puts a Get of everything into each device's mailbox; what it gives resolves with the names of one answer. */
async function askAll(test: Case, controller: Controller): Promise<() => Promise<readonly string[]>> {
  let names: readonly string[] = [];
  const answers = Array.from({ length: test.devices }, async (_, index) => {
    const body = { kind: 'get', param_paths: ['Device.'], max_depth: 0 } as const;
    const answer = await controller.request(agentOf(test, index), body);
    if (answer.kind !== 'get_resp') throw new Error(JSON.stringify(answer));
    const [result] = answer.req_path_results;
    if (result?.err_code !== 0) throw new Error(`${result?.err_code ?? ''} ${result?.err_msg ?? ''}`);
    names = result.resolved_path_results.flatMap(({ resolved_path, result_params }) =>
      [...result_params.keys()].map((name) => resolved_path + name),
    );
  });
  // Sent in order on one socket: once the last agent's own data is answered, all are in their mailboxes.
  const last = agentOf(test, test.devices - 1);
  await controller.request(last, { kind: 'get', param_paths: ['Device.LocalAgent.EndpointID'], max_depth: 0 });
  return async () => {
    await Promise.all(answers);
    return names;
  };
}

async function measure(test: Case): Promise<void> {
  const gateway = await start(benchGateway, [
    `--data.dir=${join(folder, `data-${test.params}-${String(test.reads)}`)}`,
    '--request.deadline=10m',
    `--read.batch=${READ_BATCH}`,
    // The generator has few CPEs that come again at once.
    '--cwmp.informsPerMinute=1000000',
    // Parked, the sessions would end long after their answers, and the run with them.
    `--profiles.dir=${profilesWith(folder, 'never')}`,
  ]);
  const { cwmp, http } = JSON.parse(gateway.firstLine) as { readonly cwmp: string; readonly http: string };
  const controller = await Controller.connect({ url: `ws://${http}`, controller: 'self::bench', timeoutMs: 600_000 });
  const run = (port: string, pid: number): Promise<LoadReport> => {
    const sessions = ['--sessions', String(test.sessions), '--cpu-pid', String(pid)];
    return load(['--url', `http://127.0.0.1:${port}/`, ...fleet(test), ...sessions]);
  };
  const port = cwmp.split(':')[1] ?? '';
  const runGateway = async (): Promise<{ readonly report: LoadReport; readonly names: readonly string[] }> => {
    const answered = test.reads ? await askAll(test, controller) : async () => [];
    const report = await run(port, gateway.pid);
    if (report.sessions.failed > 0) throw new Error(`${report.sessions.failed} sessions failed`);
    return { report, names: await answered() };
  };
  await load(['--url', `http://${cwmp}/`, ...fleet(test), '--events', '0 BOOTSTRAP,1 BOOT']);
  // Twice to warm up: the first discovers the devices, the second tells what a session asks.
  await runGateway();
  const { report, names } = await runGateway();
  const requests = report.requests_per_session;
  const ofCpe = names.filter((name) => !name.startsWith('Device.LocalAgent.'));
  const floor = await startFloor(ofCpe, Math.round(requests) - 2);
  const floorPort = floor.firstLine.split(' ')[1] ?? '';
  const bare = await run(floorPort, floor.pid);
  const figures = { gateway: [] as number[], floor: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    figures.floor.push((await run(floorPort, floor.pid)).sut_total.ms_per_session);
    figures.gateway.push((await runGateway()).report.sut_total.ms_per_session);
  }
  await controller.close();
  await Promise.all([floor.stop(), gateway.stop()]);
  const [ours, theirs] = [median(figures.gateway), median(figures.floor)];
  const spread = (values: readonly number[]): string =>
    `${Math.min(...values).toFixed(3)}..${Math.max(...values).toFixed(3)}`;
  const made = `${requests.toFixed(1)} requests a session, the floor ${bare.requests_per_session.toFixed(1)}`;
  console.log(`\n${test.name} (${ofCpe.length} parameters of the CPE answered; ${made})`);
  table(
    ['CPU ms a session', 'median', 'min..max'],
    [
      ['floor', theirs.toFixed(3), spread(figures.floor)],
      ['gateway', ours.toFixed(3), spread(figures.gateway)],
    ],
  );
  console.log(`ratio ${(ours / theirs).toFixed(2)}`);
}

console.log(`${ROUNDS} rounds after two of warm-up; read.batch ${READ_BATCH} (the default)`);
for (const test of CASES) await measure(test);
rmSync(folder, { recursive: true, force: true });
process.exit(0);
