// Tests of a CPE as commands, from the Operate to the OperationComplete, over real sessions (TP-469 1.64, 1.92, 9.8;
// CV-OP-1 to CV-OP-3).
import t from 'tap';
import { get, resultOf } from '../agent/requests.ts';
import { agentOf, startHarness } from './harness.ts';
import { commanded, PING, PING_ARGS, REQUESTS } from './operations-scene.ts';

const IPPING = 'Device.IP.Diagnostics.IPPing.';
const row = (number: number): object => ({
  operation_resp: { kind: 'req_obj_path', req_obj_path: `${REQUESTS}${number}.` },
});
const written = (rpcs: readonly { readonly method: string }[]): number =>
  rpcs.filter(({ method }) => method === 'SetParameterValues').length;

t.test('IPPing(): one SetParameterValues with all inputs, and its results when the CPE reports', async (t) => {
  const harness = await startHarness(t);
  const scene = await commanded(harness, {
    timings: { diagnosticTime: 20 },
    values: { [`${IPPING}Interface`]: 'Device.IP.Interface.9', [`${IPPING}DSCP`]: '46' },
  });
  t.match(await scene.operate(PING, PING_ARGS, 'k1'), { executed_command: PING, ...row(1) });
  const { operation_resp, ...told } = await scene.complete();
  t.match(told, { obj_path: 'Device.IP.Diagnostics.', command_name: 'IPPing()', command_key: 'k1' });
  if (operation_resp.kind !== 'req_output_args') throw new Error(operation_resp.err_msg);
  const args = operation_resp.output_args;
  t.equal(args.get('Status'), 'Complete');
  t.equal(Number(args.get('SuccessCount')) + Number(args.get('FailureCount')), 3);
  t.notOk(args.has('Host'), 'no input comes back');
  t.equal(written(scene.cpe.rpcs), 1);
  t.equal(scene.cpe.get(`${IPPING}Host`), 'host.example.net');
  t.same(
    [scene.cpe.get(`${IPPING}Interface`), scene.cpe.get(`${IPPING}DSCP`)],
    ['', '0'],
    'nothing of an earlier test',
  );
  const rows = await scene.controller.request(agentOf(scene.cpe), get(REQUESTS));
  t.same(rows.kind === 'get_resp' && resultOf(rows), {});
  t.same(scene.cpe.complaints, []);
});

t.test('two at once: the second waits for the first and then begins by itself', async (t) => {
  const harness = await startHarness(t);
  const scene = await commanded(harness, { timings: { diagnosticTime: 300 } });
  t.match(await scene.operate(PING, PING_ARGS, 'first'), row(1));
  const second = await scene.operate(PING, { ...PING_ARGS, Host: 'second.example.net' }, 'second');
  t.match(second, row(2));
  t.match(await scene.complete(), { command_key: 'first', operation_resp: { kind: 'req_output_args' } });
  t.match(await scene.complete(), { command_key: 'second', operation_resp: { kind: 'req_output_args' } });
  t.equal(written(scene.cpe.rpcs), 2);
  t.equal(scene.cpe.get(`${IPPING}Host`), 'second.example.net');
});

t.test('cancelled while it runs: the CPE is called and told, and nothing is reported twice', async (t) => {
  const harness = await startHarness(t);
  const scene = await commanded(harness, { timings: { diagnosticTime: 60_000 } });
  await scene.operate(PING, PING_ARGS, 'k1');
  await scene.cpe.waitFor('session-ended');
  t.match(await scene.operate(`${REQUESTS}1.Cancel()`), { operation_resp: { kind: 'req_output_args' } });
  t.match(await scene.complete(), { command_key: 'k1', operation_resp: { kind: 'cmd_failure', err_code: 7023 } });
  t.not(scene.cpe.get(`${IPPING}DiagnosticsState`), 'Requested');
});

t.test('a reboot while it runs: the test is lost, and that is told', async (t) => {
  const harness = await startHarness(t);
  const scene = await commanded(harness, { timings: { diagnosticTime: 60_000, rebootTime: 20 } });
  const ended = scene.cpe.waitFor('session-ended');
  await scene.operate(PING, PING_ARGS, 'k1');
  await ended;
  scene.cpe.powerCycle();
  t.match(await scene.complete(), { command_key: 'k1', operation_resp: { kind: 'cmd_failure', err_code: 7022 } });
});

t.test('a test that failed is a command that succeeded', async (t) => {
  const harness = await startHarness(t);
  const scene = await commanded(harness, {
    timings: { diagnosticTime: 20 },
    diagnosticResults: () => ({ state: 'Error_CannotResolveHostName', values: { SuccessCount: '7' }, tables: {} }),
  });
  await scene.operate(PING, PING_ARGS);
  t.same((await scene.complete()).operation_resp, {
    kind: 'req_output_args',
    output_args: new Map([['Status', 'Error_CannotResolveHostName']]),
  });
});

t.test('what cannot be begun is told at once, and leaves no row', async (t) => {
  const harness = await startHarness(t);
  const scene = await commanded(harness, { faults: [{ method: 'SetParameterValues', answer: 9004 }] });
  t.match(await scene.operate(PING, { Host: 'host.example.net' }), { operation_resp: { err_code: 7027 } });
  t.match(await scene.operate(PING, { ...PING_ARGS, Timeout: 'soon' }), { operation_resp: { err_code: 7027 } });
  t.match(await scene.operate(PING, PING_ARGS), { operation_resp: { kind: 'cmd_failure', err_code: 7005 } });
  const rows = await scene.controller.request(agentOf(scene.cpe), get(REQUESTS));
  t.same(rows.kind === 'get_resp' && resultOf(rows), {});
  t.equal(scene.inbox.waiting, 0);
});

t.test('results in tables: numbers from 1 on', async (t) => {
  const harness = await startHarness(t);
  const scene = await commanded(harness, { timings: { diagnosticTime: 20 } });
  await scene.operate('Device.IP.Diagnostics.TraceRoute()', { Host: 'host.example.net', ProtocolVersion: 'Any' });
  const { operation_resp } = await scene.complete();
  if (operation_resp.kind !== 'req_output_args') throw new Error(operation_resp.err_msg);
  t.ok(operation_resp.output_args.has('RouteHops.1.HostAddress'));
  const at = (name: string): string | undefined => scene.cpe.get(`Device.IP.Diagnostics.TraceRoute.${name}`);
  t.same(
    [at('NumberOfTries'), at('Timeout'), at('DataBlockSize'), at('MaxHopCount'), at('DSCP')],
    ['3', '5000', '38', '30', '0'],
  );
  await scene.operate('Device.DNS.Diagnostics.NSLookupDiagnostics()', {
    HostName: 'host.example.net',
    Timeout: '1000',
    NumberOfRepetitions: '1',
  });
  t.match(await scene.complete(), {
    command_name: 'NSLookupDiagnostics()',
    operation_resp: { kind: 'req_output_args' },
  });
});
