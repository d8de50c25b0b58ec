// Each pair of the facts' list that is beyond doubt, on the made-up device that has all of TR-098: what the CPE's parameter
// is shown in is what the list says, or it stands here why not.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import t from 'tap';
import { generalise } from '../../proxy/path/concrete.ts';
import { seen, TR098_DUMPS } from './dumps-at-hand.ts';

const PAIRS = resolve('../shared/facts/data-models/tr098-to-tr181.tsv');
const skip = existsSync(PAIRS) ? false : 'the pairs file is not here';

/** Each a part of the CPE's path, or of the view's, and why the pair is not there as the list has it. */
const OTHERWISE: readonly (readonly [RegExp, string])[] = [
  [/NumberOfEntries$/, 'counted by the view itself'],
  [/^ManagementServer\./, 'never shown'],
  [/ Device\.Hosts\.Host\.\{i\}\.(LeaseTimeRemaining|VendorClassID|ClientID|UserClassID|AddressSource)$/, 'no more'],
  [/ Device\.DSL\.Line\.\{i\}\.Standard(sSupported|Used)$/, 'Device:2.16 has it no more'],
  [/\.WLANConfiguration\.\{i\}\.KeyPassphrase /, 'where there is a PreSharedKey, that is it'],
  [/\.DHCPConditionalServingPool\.\{i\}\..* Device\.DHCPv4\.Server\./, 'a pool that is not served here is relayed'],
  [/\.WANCommonInterfaceConfig\..* Device\.(Ethernet|Optical)\.Interface\./, 'the interface counts itself'],
  [/\.WANAccessType |\.TransportType |Connection\.\{i\}\.ConnectionType /, 'says what stands on what'],
  [/ Device\.DHCPv4\.Client\.\{i\}\.Status$/, 'told by ConnectionStatus'],
  [/\.Layer2Interface /, 'told by Layer1Interface'],
  [/\.WANPPPConnection\.\{i\}\.(PPPoESessionID|MACAddress) /, 'this device’s connections are PPPoA'],
  [/^Layer2Bridging\.Marking\.\{i\}\.Alias /, 'no row of the view is a marking alone'],
  [/^PeriodicStatistics\..*\.Reference /, 'a path of the CPE’s own model'],
];

t.test('every pair beyond doubt is shown where the list says', { skip }, async (t) => {
  const everything = TR098_DUMPS.find(({ name }) => name === 'everything');
  if (everything === undefined) throw new Error('the device that has everything is not there');
  const { cpe, view } = await seen(everything.dump);
  const { root } = cpe.tree;
  const shown = new Map<string, Set<string>>();
  for (const name of everything.dump.values.keys()) {
    const general = generalise(name).slice(root.length);
    const paths = shown.get(general) ?? new Set();
    shown.set(general, paths);
    for (const path of view.viewNames(name)) paths.add(generalise(path));
  }
  const missing = new Set<string>();
  let held = 0;
  for (const line of readFileSync(PAIRS, 'utf8').split('\n').slice(1)) {
    const [, , kind, source = '', , , , target = '', , , , , , , , confidence] = line.split('\t');
    const paths = shown.get(source.slice(root.length));
    if (kind !== 'param' || confidence !== 'high' || paths === undefined) continue;
    const pair = `${source.slice(root.length)} ${target}`;
    if (paths.has(target)) held += 1;
    else if (!OTHERWISE.some(([pattern]) => pattern.test(pair))) missing.add(pair);
  }
  t.same([...missing], []);
  t.comment(`${held} pairs hold`);
  t.ok(held > 1000);
});
