// Where Agents may not dial, nobody hears of them; and what was wrong is counted and said.
import t, { type Test } from 'tap';
import { until } from '../process/scene.ts';
import { addDial, startDialledController } from './dial-scene.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { knownCpe } from './north-tools.ts';

async function dialled(harness: Harness, outcome: string): Promise<number> {
  const text = await (await fetch(`${harness.operateUrl}/metrics`)).text();
  return Number(new RegExp(`^causeway_dial_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

/** Two devices that are to dial; resolves when what became of it has been counted. */
async function tryToDial(t: Test, hosts: string, outcome: string, host = '127.0.0.1'): Promise<Harness> {
  const harness = await startHarness(t, { 'usp.dial.hosts': hosts });
  const controller = await startDialledController(t);
  const operator = await harness.controller();
  for (const serialNumber of ['D1', 'D2']) {
    const agent = agentOf(
      await knownCpe(harness, { deviceId: { oui: '02C0DE', productClass: 'Router', serialNumber } }),
    );
    await addDial(operator, agent, { port: controller.port, settings: { 'WebSocket.Host': host } });
  }
  await until(async () => ((await dialled(harness, outcome)) >= 2 ? true : undefined), outcome);
  t.same(controller.arrivals, [], 'nobody came');
  return harness;
}

t.test('without usp.dial.hosts nobody dials, and the log says so once', async (t) => {
  const { log } = await tryToDial(t, '', 'dialling-off');
  t.equal(log.filter((line) => line.includes('usp.dial.hosts')).length, 1);
});

t.test('a place that is not listed is not dialled', async (t) => {
  const { log } = await tryToDial(t, '127.0.0.1:9,*.example', 'host-not-allowed');
  t.ok(log.some((line) => line.includes('host-not-allowed')));
});

t.test('a name that is listed does not lead to this machine', async (t) => {
  await tryToDial(t, 'localhost', 'address-not-allowed', 'localhost');
});

t.test('a setting that is none is named at start', async (t) => {
  await t.rejects(startHarness(t, { 'usp.dial.hosts': '10.0.0.0/40' }), {
    code: 'CAUSEWAY_CONFIG_INVALID',
    message: /usp\.dial\.hosts: 10\.0\.0\.0\/40/,
  });
  await t.rejects(startHarness(t, { 'usp.dial.cert': '/nowhere.pem' }), { message: /usp\.dial\.key/ });
  await t.rejects(startHarness(t, { 'usp.dial.ca': '/nowhere.pem' }), { message: /usp\.dial\.ca: \/nowhere\.pem/ });
});
