// Instance numbers of a translated device live as long as their rows: over sessions, restarts of the gateway and another
// order of the CPE's own rows.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Controller } from '../../proxy/cli/usp/controller.ts';
import { get, resultOf } from '../agent/requests.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import { missingRedis, startRedis } from '../redis-server.ts';
import { agentOf, startHarness, temporaryFolder } from './harness.ts';

const NEW = '02:CA:05:60:00:99';
const CPE_HOSTS = 'InternetGatewayDevice.LANDevice.1.Hosts.Host.';

/** MAC address → instance number. */
async function hosts(controller: Controller, cpe: Cpe): Promise<Readonly<Record<string, string>>> {
  const answer = await controller.request(agentOf(cpe), get('Device.Hosts.Host.*.PhysAddress'));
  if (answer.kind !== 'get_resp') throw new Error(JSON.stringify(answer));
  const rows = Object.entries(resultOf(answer));
  return Object.fromEntries(rows.map(([path, { PhysAddress }]) => [PhysAddress ?? '', path.split('.').at(-2) ?? '']));
}

/** The CPE lists its hosts the other way round, under the same numbers of its own. */
function turnRound(cpe: Cpe, numbers: readonly number[]): void {
  const macs = numbers.map((number) => cpe.get(`${CPE_HOSTS}${number}.MACAddress`) ?? '').reverse();
  for (const [index, mac] of macs.entries()) cpe.setLocally(`${CPE_HOSTS}${numbers[index] ?? 0}.MACAddress`, mac);
}

/** Two runs, the second of which meets a CPE whose table has turned round, and lacks a host. */
async function twoRuns(t: Test, settings: Readonly<Record<string, string>>): Promise<void> {
  const first = await startHarness(t, settings);
  const cpe = await knownCpe(first, { dump: loadDump('home-router-tr098') });
  const controller = await first.controller();
  const before = await hosts(controller, cpe);
  t.equal(Object.keys(before).length, 4);
  await controller.close();
  t.equal(await first.gateway.stop(), true);
  const gone = cpe.get(`${CPE_HOSTS}2.MACAddress`) ?? '';
  cpe.removeInstance(`${CPE_HOSTS}2.`);
  turnRound(cpe, [1, 3, 4]);
  cpe.addInstance(CPE_HOSTS, { MACAddress: NEW });

  const second = await startHarness(t, { ...settings, 'cwmp.listen': first.gateway.addresses.cwmp });
  const after = await hosts(await second.controller(), cpe);
  const { [gone]: number, ...left } = before;
  t.equal(number, '2');
  t.same(after, { ...left, [NEW]: '5' }, 'what is left is what it was, and no number is given twice');
  t.same(cpe.complaints, []);
}

t.test('a gateway that starts again', (t) => twoRuns(t, { 'data.dir': join(temporaryFolder(t), 'data') }));

t.test('another node', { skip: missingRedis() }, async (t) => {
  const redis = await startRedis(t);
  await twoRuns(t, { 'redis.url': redis.url });
});
