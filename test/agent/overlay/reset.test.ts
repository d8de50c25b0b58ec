// A CPE that was reset numbers its rows anew: no name outlives that. What names the device does.
import t from 'tap';
import { deriveNotifies } from '../../../proxy/agent/subscriptions/derive.ts';
import { LocalAgent } from '../../../proxy/agent/local-agent/local-agent.ts';
import { FIRST_DEVICE_ROW, formatRows, NO_ROWS, parseRows } from '../../../proxy/agent/local-agent/rows.ts';
import { withValues } from '../../../proxy/agent/overlay/values.ts';
import { informEvent } from '../../../proxy/device/events.ts';
import { SETTINGS } from '../agent-at-hand.ts';
import { recordOf } from '../device-record.ts';

const KEY_NAME = 'Device.ManagementServer.ParameterKey';
const friendly = withValues(NO_ROWS, 'Device.DeviceInfo.', { FriendlyName: 'kept' });
const named = withValues(friendly, 'Device.NAT.PortMapping.2.', { Alias: 'games' });

function rowsAfter(code: string, values: readonly (readonly [string, string])[]): unknown {
  const event = informEvent(1000, { events: [{ EventCode: code, CommandKey: '' }], values });
  const record = {
    ...recordOf(),
    local: formatRows(named),
    localVersion: 7,
    lastEvent: 1,
    pendingEvents: [{ ...event, sequence: 1 }],
  };
  const local = new LocalAgent(record, { under: NO_ROWS, own: named, first: () => FIRST_DEVICE_ROW }, SETTINGS, 1000);
  const derived = deriveNotifies({ record, local, view: undefined, keepMs: 1000 });
  if (derived?.local === undefined) return derived?.local;
  t.equal(derived.local.version, 7);
  t.equal(derived.arm, 'no', 'nobody watches anything');
  return parseRows(derived.local.rows).tables;
}

t.test('BOOTSTRAP with an empty ParameterKey, or none', async (t) => {
  t.same(rowsAfter('0 BOOTSTRAP', [[KEY_NAME, '']]), friendly.tables);
  t.same(rowsAfter('0 BOOTSTRAP', []), friendly.tables);
});

t.test('BOOTSTRAP because of another ACS URL', async (t) => {
  t.equal(rowsAfter('0 BOOTSTRAP', [[KEY_NAME, 'of another ACS']]), undefined);
});

t.test('BOOT', async (t) => {
  t.equal(rowsAfter('1 BOOT', [[KEY_NAME, '']]), undefined);
});
