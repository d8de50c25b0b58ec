// What is left out on purpose: every line of the file is about something that TR-098 has, nothing is both dropped and shown,
// and it is what the facts say.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { droppedOf, loadDrops, parseDrops } from '../../../proxy/mapping/rules/dropped.ts';
import { loadTr098Model } from '../../../proxy/mapping/tr098-model.ts';

const own = loadTr098Model();
const drops = loadDrops();
const dropped = droppedOf(drops, own);

await t.test('every path is one of TR-098', async (t) => {
  for (const { why, paths, but } of drops) {
    for (const path of [...paths, ...but]) t.ok(droppedOf([{ why, paths: [path], but: [] }], own).size > 0, path);
  }
});

await t.test('an object is meant with all that is in it', async (t) => {
  const of = (path: string): number => droppedOf([{ why: '', paths: [path], but: [] }], own).size;
  t.ok(of('ManagementServer.') > 50);
  t.equal(of('WANDevice.{i}.Alias'), 1);
  t.equal(of('WANDevice.{i}.WANDSLInterfaceConfig.Stats.*.LOF'), 5);
  t.equal(of('DeviceInf'), 0, 'never half a name');
  const without = { why: '', paths: ['ManagementServer.'], but: ['ManagementServer.EnableCWMP'] };
  t.equal(droppedOf([without], own).size, of('ManagementServer.') - 1, 'save for what is shown all the same');
});

const FACTS = join(process.cwd(), '../shared/facts/data-models/tr098-to-tr181.tsv');
await t.test('it is what the facts drop', { skip: existsSync(FACTS) ? false : 'the facts are not here' }, async (t) => {
  const rows = readFileSync(FACTS, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  const facts = rows.filter(([, , kind]) => kind === 'drop').map(([, , , source = '']) => source);
  const missing = facts.filter((path) => own.parameter(path) !== undefined && !dropped.has(path));
  // It tells whether WPS has failed, which is a part of WPS.Status.
  t.same(missing, ['InternetGatewayDevice.LANDevice.{i}.WLANConfiguration.{i}.WPS.LastConfigurationError']);
  const more = [...dropped.keys()].filter((path) => !facts.includes(path));
  // Made-up names of files, as the facts have them, would be no values of the device.
  t.same(more, ['InternetGatewayDevice.DeviceInfo.DeviceLog', 'InternetGatewayDevice.DeviceConfig.ConfigFile']);
});

await t.test('what is wrong is told with its line', async (t) => {
  const problems = (text: string): readonly string[] => {
    const result = parseDrops('dropped.yaml', text);
    return result.ok ? [] : result.errors.map(({ line, why }) => `${line}: ${why}`);
  };
  t.match(problems('- why: x\n'), [/^1: it needs why, and paths/]);
  t.match(problems('- why: x\n  path: y\n'), [/^2: .*no "path"/, /^1: it needs/]);
  t.match(problems('why: x\n'), [/must be a list/]);
  t.match(problems('- [\n'), [/^\d+: /]);
});
