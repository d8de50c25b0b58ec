// What it costs to show a TR-098 device as Device:2: CPU of a Get of everything and of WiFi, model made, paths resolved, values
// turned, with neither network nor CPE; and of the same Get on a device that has Device:2 itself and shows just the same.
// Medians of interleaved rounds. Run `npm run -s build && node dist/test/bench/mapping.js`.
import { LocalAgent } from '../../proxy/agent/local-agent/local-agent.ts';
import { FIRST_DEVICE_ROW, NO_ROWS } from '../../proxy/agent/local-agent/rows.ts';
import { get } from '../../proxy/agent/messages/get.ts';
import { AgentModel } from '../../proxy/agent/model.ts';
import type { Answer, CpeAccess, SafeMethodName } from '../../proxy/device/access.ts';
import { buildTree } from '../../proxy/device/instance-tree/tree.ts';
import { DumpCpe } from '../../proxy/mapping/dump/cpe.ts';
import { dumpOf, type Dump, type DumpEntry } from '../../proxy/mapping/dump/dump.ts';
import { modelOfDump, viewOfDump } from '../../proxy/mapping/dump/view.ts';
import { loadCwmpDifference } from '../../proxy/mapping/standard-model.ts';
import { Tr181View } from '../../proxy/mapping/tr181-view.ts';
import { translatedView } from '../../proxy/mapping/translated-view.ts';
import type { View } from '../../proxy/mapping/view.ts';
import { tr098Book } from '../../proxy/mapping/views.ts';
import { generalise } from '../../proxy/path/concrete.ts';
import type { CpeRequest } from '../../proxy/rpc/methods.ts';
import { SETTINGS } from '../agent/agent-at-hand.ts';
import { CpeAtHand } from '../agent/cpe-at-hand.ts';
import { loadDump } from '../cpe/dumps.ts';
import { DEVICES } from '../mapping/dumps-at-hand.ts';
import { median, table } from './measure.ts';

const PARAMETERS = 2000;
const ROUNDS = 201;
const WARM_UP = 30;
/** Tables that are long in a full house; their first row is copied. */
const GROWING = [
  'InternetGatewayDevice.LANDevice.1.Hosts.Host.',
  'InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.AssociatedDevice.',
  'InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1.PortMapping.',
  'InternetGatewayDevice.LANDevice.1.LANHostConfigManagement.DHCPStaticAddress.',
];

const entriesOf = ({ tree, values }: Dump): DumpEntry[] =>
  [...tree.objects.values()].flatMap(({ path, writable, parameters }) => [
    { name: path, writable, value: undefined, type: '' },
    ...[...parameters].map(([name, writable]) => {
      const item = values.get(path + name);
      return { name: path + name, writable, value: item?.Value, type: item?.Type ?? '' };
    }),
  ]);

function made(entries: readonly DumpEntry[]): Dump {
  const read = dumpOf(entries);
  if (!read.ok) throw new Error(read.why);
  return read.dump;
}

/** The device with more rows in its long tables, until it has enough parameters; each row has a MAC address of its own. */
function grown(dump: Dump): Dump {
  const entries = entriesOf(dump);
  let count = entries.filter(({ value }) => value !== undefined).length;
  for (let row = 101; count < PARAMETERS; row += 1) {
    const before = count;
    for (const tablePath of GROWING) {
      const first = dump.tree.objects.get(tablePath)?.instances[0];
      const model = `${tablePath}${first ?? 0}.`;
      for (const entry of entries.filter(({ name }) => name.startsWith(model))) {
        const isMac = /(MACAddress|Chaddr)$/.test(entry.name);
        const mac = `02:00:5E:00:${String(row % 100).padStart(2, '0')}:${String(GROWING.indexOf(tablePath) + 10)}`;
        entries.push({
          ...entry,
          name: `${tablePath}${row}.${entry.name.slice(model.length)}`,
          ...(isMac && { value: mac }),
        });
        if (entry.value !== undefined) count += 1;
      }
    }
    if (count === before) throw new Error('no table grows');
  }
  return made(entries);
}

/** A device that has Device:2 itself, and of it just what the view shows. */
function twinOf(cpe: DumpCpe, view: View): Dump {
  const shown = view.instances(cpe.tree);
  const entries: DumpEntry[] = [];
  for (const { path, writable, parameters } of shown.objects.values()) {
    entries.push({ name: path, writable, value: undefined, type: '' });
    for (const [name, reading] of shown.readings(path)) {
      const value = reading.valueOf(cpe.told);
      const type = view.supported.objects.get(generalise(path))?.parameters.get(name)?.type;
      entries.push({
        name: path + name,
        writable: parameters.get(name) ?? false,
        value: value.kind === 'value' ? value.value : '',
        type: type === undefined || type.list !== undefined ? 'string' : type.base,
      });
    }
  }
  return made(entries);
}

/** The CPE that has answered already: the same names get the same answer, at no cost. */
class AnsweredCpe extends CpeAtHand {
  readonly #dump: DumpCpe;
  readonly #answers = new Map<number, Promise<Answer<'GetParameterValues'>>>();

  constructor(dump: DumpCpe) {
    super({ dump: loadDump('tiny-tr181') });
    this.#dump = dump;
    this.readBatch = PARAMETERS * 4;
  }

  override async tree(): ReturnType<CpeAccess['tree']> {
    return this.#dump.tree;
  }

  override async refresh(): ReturnType<CpeAccess['refresh']> {
    return this.#dump.tree;
  }

  override isFresh(): boolean {
    return true;
  }

  override async read<N extends SafeMethodName>(_method: N, request: CpeRequest<N>): Promise<Answer<N>> {
    const names = 'ParameterNames' in request ? request.ParameterNames.length : 0;
    const known = this.#answers.get(names) ?? this.#dump.read('GetParameterValues', request as never);
    this.#answers.set(names, known);
    return (await known) as Answer<N>;
  }
}

interface Side {
  readonly name: string;
  readonly cpe: DumpCpe;
  readonly access: AnsweredCpe;
  readonly view: View;
}

async function resolve({ access, view, cpe }: Side, path: string): Promise<number> {
  const local = new LocalAgent(
    access.record,
    { under: NO_ROWS, own: NO_ROWS, first: () => FIRST_DEVICE_ROW },
    SETTINGS,
    access.now(),
  );
  const model = new AgentModel(local, view, { view, access, tree: cpe.tree });
  const answer = await get(model, { kind: 'get', param_paths: [path], max_depth: 0 });
  return answer.req_path_results[0]?.resolved_path_results.reduce((sum, one) => sum + one.result_params.size, 0) ?? 0;
}

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

const book = tr098Book();
const [own] = DEVICES;
if (own === undefined) throw new Error('there is no dump');
const cpe = new DumpCpe(grown(own.dump));
const model = modelOfDump(cpe, book);
const view = await viewOfDump(cpe, model);
const twin = new DumpCpe(twinOf(cpe, view));
const native = new Tr181View(book.standard, loadCwmpDifference(), twin.catalogue, []);
const sides: readonly Side[] = [
  { name: 'TR-181', cpe: twin, access: new AnsweredCpe(twin), view: await native.fit() },
  { name: 'TR-098', cpe, access: new AnsweredCpe(cpe), view },
];

const size = ({ tree }: DumpCpe): string =>
  `${[...tree.objects.values()].reduce((sum, { parameters }) => sum + parameters.size, 0)} parameters`;
console.log(
  `mapping: TR-098 device of ${size(cpe)}; its twin with Device:2 of ${size(twin)}; CPU, medians of ${ROUNDS}`,
);
const rows: string[][] = [];
for (const path of ['Device.', 'Device.WiFi.']) {
  const times = sides.map((): number[] => []);
  const counts = sides.map(() => 0);
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [index, side] of sides.entries()) {
      const since = process.cpuUsage();
      counts[index] = await resolve(side, path);
      if (round >= 0) times[index]?.push(cpuMs(since));
    }
  }
  const [floor = NaN, translated = NaN] = times.map(median);
  // Round by round, since what else the machine does changes from one to the next.
  const ratios = (times[1] ?? []).map((time, round) => time / (times[0]?.[round] ?? NaN));
  rows.push([path, counts.join(' / '), floor.toFixed(2), translated.toFixed(2), median(ratios).toFixed(2)]);
}
table(['Get', 'values', 'TR-181 ms', 'TR-098 ms', 'ratio'], rows);

const fits: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const tree = buildTree(
    cpe.tree.root,
    entriesOf({ tree: cpe.tree, values: new Map() }).map(({ name, writable }) => ({ Name: name, Writable: writable })),
  );
  const since = process.cpuUsage();
  (await translatedView(model, tree, cpe.remembered).fit(cpe, tree)).instances(tree);
  fits.push(cpuMs(since));
}
console.log(`a view made for a tree that is new, its numbers known: ${median(fits).toFixed(2)} ms, once for each tree`);
