// A CPE that cannot read many parameters at once, through the whole gateway: what it cannot bear is not asked of it, nor of
// the next of its model.
import t, { type Test } from 'tap';
import type { Controller } from '../../proxy/cli/usp/controller.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import type { FaultRule } from '../cpe/fault-rules.ts';
import { getBody } from './device-scene.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { counted } from './south-tools.ts';

const MOST = 20;
const GET = getBody('Device.Ethernet.', 'Device.WiFi.', 'Device.IP.');

interface Scene {
  readonly harness: Harness;
  readonly controller: Controller;
  readonly device: () => Promise<Cpe>;
}

async function scene(t: Test, settings: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const harness = await startHarness(t, { 'park.idle': '1s', ...settings });
  const controller = await harness.controller();
  return {
    harness,
    controller,
    async device() {
      const cpe = harness.cpe({ dump: loadDump('home-router-tr181'), timings: { retryScale: 0.01 } });
      const first = cpe.nextSession();
      await cpe.start();
      await first;
      return cpe;
    },
  };
}

const namesOf = (arguments_: unknown): readonly string[] =>
  (arguments_ as { readonly names?: readonly string[] } | undefined)?.names ?? [];
/** How many parameters each read asked for, since a moment. */
const sizes = (cpe: Cpe, from = 0): readonly number[] =>
  cpe.rpcs
    .slice(from)
    .filter(({ method }) => method === 'GetParameterValues')
    .map((rpc) => namesOf(rpc.arguments).length);
/** A CPE that does not bear more than so many names in one read. */
function moreThan(most: number, answer: FaultRule['answer']): FaultRule {
  let seen = 0;
  return {
    method: 'GetParameterValues',
    // Asked once for each name of an RPC, one after the other.
    when: () => {
      if (seen === 0) queueMicrotask(() => (seen = 0));
      seen += 1;
      return seen > most;
    },
    answer,
  };
}
const isWhole = (answer: UspBody): boolean =>
  answer.kind === 'get_resp' &&
  answer.req_path_results.every(
    ({ err_code, resolved_path_results }) => err_code === 0 && resolved_path_results.length > 0,
  );

for (const code of [9002, 9004]) {
  t.test(`Fault ${code} to more than ${MOST} names: the answer is whole, and is learnt for the model`, async (t) => {
    const { controller, device } = await scene(t);
    const [first, second] = [await device(), await device()];
    for (const cpe of [first, second]) cpe.misbehave(moreThan(MOST, code));
    t.ok(isWhole(await controller.request(agentOf(first), GET)));
    t.equal(sizes(first)[0], 64, 'it was asked for as much as is usual');
    t.ok(isWhole(await controller.request(agentOf(second), GET)));
    t.ok(
      sizes(second).every((size) => size <= MOST),
      'the next CPE of the model is not',
    );
    t.same([...first.complaints, ...second.complaints], []);
  });
}

t.test('no answer to a large read: after the time-out it is made with half, and answered', async (t) => {
  const { controller, device, harness } = await scene(t, { 'rpc.timeout': '1s', 'cwmp.keepAlive': '2s' });
  const cpe = await device();
  cpe.misbehave(moreThan(40, 'never'));
  const grown = await counted(harness, ['cwmp_rpc', 'request'], async () => {
    t.ok(isWhole(await controller.request(agentOf(cpe), GET)));
  });
  t.match(grown, { 'cwmp_rpc lost-timeout': 1, 'request succeeded': 1 });
  t.same(sizes(cpe).slice(0, 2), [64, 32]);
  const before = cpe.rpcs.length;
  t.ok(isWhole(await controller.request(agentOf(cpe), GET)));
  t.ok(sizes(cpe, before).every((size) => size <= 32));
});

t.test('the connection is closed on a large read: the next session reads half', async (t) => {
  const { controller, device } = await scene(t);
  const cpe = await device();
  cpe.misbehave(moreThan(40, 'close'));
  t.ok(isWhole(await controller.request(agentOf(cpe), GET)));
  t.same(sizes(cpe).slice(0, 2), [64, 32]);
});
