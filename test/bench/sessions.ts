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
  /** RPCs that a session makes; the floor makes as many. */
  readonly rpcs: number;
}
const reads = (params: number): number => 1 + Math.ceil(params / READ_BATCH);
const CASES: readonly Case[] = [
  { name: 'periodic Inform, nothing to do', params: 200, devices: 500, sessions: 5000, rpcs: 0 },
  { name: 'Get of 200 parameters', params: 200, devices: 400, sessions: 400, rpcs: reads(200) },
  { name: 'Get of 2,000 parameters', params: 2000, devices: 60, sessions: 60, rpcs: reads(2000) },
];

requireTools();
const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));

const fleet = ({ params, devices }: Case): string[] => [
  ...['--root', 'device', '--params', String(params), '--devices', String(devices)],
  ...['--serial-prefix', `B${params}`, '--product', 'Bench'],
];
const agentOf = ({ params }: Case, index: number): string =>
  `ops::0019AA-Bench-B${params}${String(index).padStart(6, '0')}`;

async function startFloor({ rpcs, params }: Case): Promise<Running> {
  if (rpcs === 0) return start(FLOOR, ['--port', '0']);
  const names = join(folder, `names-${params}`);
  // As many RPCs as the gateway makes; what their names are is nothing to the floor.
  writeFileSync(
    names,
    Array.from({ length: params }, (_, index) => `Device.X_EXAMPLE_Bench.${index}.Value`).join('\n'),
  );
  return start(FLOOR, ['--port', '0', '--mode', 'gpv', '--names', names, '--batch', String(Math.ceil(params / rpcs))]);
}

/** Puts a Get of everything into each device's mailbox; what it gives resolves once all are answered. */
async function askAll(test: Case, controller: Controller): Promise<() => Promise<number>> {
  let parameters = 0;
  const answers = Array.from({ length: test.devices }, async (_, index) => {
    const body = { kind: 'get', param_paths: ['Device.'], max_depth: 0 } as const;
    const answer = await controller.request(agentOf(test, index), body);
    if (answer.kind !== 'get_resp') throw new Error(JSON.stringify(answer));
    const [result] = answer.req_path_results;
    if (result?.err_code !== 0) throw new Error(`${result?.err_code ?? ''} ${result?.err_msg ?? ''}`);
    parameters = result.resolved_path_results.reduce((sum, { result_params }) => sum + result_params.size, 0);
  });
  // Sent in order on one socket: once the last agent's own data is answered, all are in their mailboxes.
  const last = agentOf(test, test.devices - 1);
  await controller.request(last, { kind: 'get', param_paths: ['Device.LocalAgent.EndpointID'], max_depth: 0 });
  return async () => {
    await Promise.all(answers);
    return parameters;
  };
}

async function measure(test: Case): Promise<void> {
  const floor = await startFloor(test);
  const gateway = await start(benchGateway, [
    `--data.dir=${join(folder, `data-${test.params}-${test.rpcs}`)}`,
    '--request.deadline=10m',
    `--read.batch=${READ_BATCH}`,
    // Parked, the sessions would end long after their answers, and the run with them.
    `--profiles.dir=${profilesWith(folder, 'never')}`,
  ]);
  const { cwmp, http } = JSON.parse(gateway.firstLine) as { readonly cwmp: string; readonly http: string };
  const controller = await Controller.connect({ url: `ws://${http}`, controller: 'self::bench', timeoutMs: 600_000 });
  const gatewayUrl = `http://${cwmp}/`;
  const floorUrl = `http://127.0.0.1:${floor.firstLine.split(' ')[1] ?? ''}/`;
  await load(['--url', gatewayUrl, ...fleet(test), '--events', '0 BOOTSTRAP,1 BOOT']);
  const figures = { gateway: [] as number[], floor: [] as number[] };
  let report: LoadReport | undefined;
  let parameters = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const run = (url: string, pid: number): Promise<LoadReport> =>
      load(['--url', url, ...fleet(test), '--sessions', String(test.sessions), '--cpu-pid', String(pid)]);
    const bare = await run(floorUrl, floor.pid);
    const answered = test.rpcs === 0 ? async () => 0 : await askAll(test, controller);
    report = await run(gatewayUrl, gateway.pid);
    parameters = await answered();
    if (report.sessions.failed > 0) throw new Error(`${report.sessions.failed} sessions failed`);
    // The first round warms both up.
    if (round === 0) continue;
    figures.floor.push(bare.sut_total.ms_per_session);
    figures.gateway.push(report.sut_total.ms_per_session);
  }
  await controller.close();
  await Promise.all([floor.stop(), gateway.stop()]);
  const [ours, theirs] = [median(figures.gateway), median(figures.floor)];
  const spread = (values: readonly number[]): string =>
    `${Math.min(...values).toFixed(3)}..${Math.max(...values).toFixed(3)}`;
  console.log(
    `\n${test.name} (${parameters} parameters answered, ${(report?.requests_per_session ?? 0).toFixed(1)} requests a session)`,
  );
  table(
    ['CPU ms a session', 'median', 'min..max'],
    [
      ['floor', theirs.toFixed(3), spread(figures.floor)],
      ['gateway', ours.toFixed(3), spread(figures.gateway)],
    ],
  );
  console.log(`ratio ${(ours / theirs).toFixed(2)}`);
}

console.log(`${ROUNDS} rounds after one of warm-up; read.batch ${READ_BATCH} (the default)`);
for (const test of CASES) await measure(test);
rmSync(folder, { recursive: true, force: true });
process.exit(0);
