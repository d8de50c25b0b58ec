// Events of a device to Notifies (facts: usp-agent-requirements §5.9, §7, §8): who is told, what, and once.
import t from 'tap';
import { armedMark } from '../../proxy/agent/subscriptions/armed.ts';
import { deriveNotifies } from '../../proxy/agent/subscriptions/derive.ts';
import { enabledSubscriptions } from '../../proxy/agent/subscriptions/enabled.ts';
import { parseRows } from '../../proxy/agent/local-agent/rows.ts';
import { informEvent, reportEvent, valuesEvent } from '../../proxy/device/events.ts';
import { formatLedger, type LedgerEntry, type NamedValue, parseLedger, readLedger } from '../../proxy/device/ledger.ts';
import type { DerivedNotifies } from '../../proxy/device/settings.ts';
import type { BootMark, StoredEvent } from '../../proxy/store/device-steps.ts';
import type { NotifyRequest } from '../../proxy/usp/messages/notify.ts';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import { AgentAtHand, CONTROLLER, OTHER_CONTROLLER } from './agent-at-hand.ts';
import { add, create, type Values } from './requests.ts';

const TABLE = 'Device.LocalAgent.Subscription.';
const SSID = 'Device.WiFi.SSID.1.SSID';
const ENABLE = 'Device.WiFi.SSID.1.Enable';
const KEEP_MS = 7 * 24 * 3600 * 1000;

const subscribe = async (agent: AgentAtHand, values: Values, from = CONTROLLER): Promise<void> => {
  await agent.expect('add_resp', add(create(TABLE, { Enable: 'true', ...values })), from);
};
const values = (sequence: number, ...changed: readonly NamedValue[]): StoredEvent => ({
  ...valuesEvent(0, changed),
  sequence,
});
const inform = (sequence: number, codes: readonly string[], boot?: BootMark): StoredEvent => ({
  ...informEvent(0, { events: codes.map((EventCode) => ({ EventCode, CommandKey: '' })), values: [] }),
  sequence,
  ...(boot === undefined ? {} : { boot }),
});
const BOOTED: BootMark = { expected: undefined, firmwareUpdated: false };
const entry = (value: string | undefined, ...subscriptions: readonly number[]): LedgerEntry => ({
  value,
  notification: 2,
  before: 0,
  subscriptions,
});

async function derive(
  agent: AgentAtHand,
  ledger: Readonly<Record<string, LedgerEntry>>,
  ...pendingEvents: readonly StoredEvent[]
): Promise<DerivedNotifies | undefined> {
  const armed = armedMark(agent.cpe.record, agent.local());
  return deriveStored(agent, formatLedger(new Map(Object.entries(ledger)), armed), ...pendingEvents);
}
/** On a CPE whose model is known. */
async function deriveStored(
  agent: AgentAtHand,
  ledger: string,
  ...pendingEvents: readonly StoredEvent[]
): Promise<DerivedNotifies | undefined> {
  const { record } = agent.cpe;
  const { SoftwareVersion } = record.facts;
  const tree = { catalogue: '', instances: '', SoftwareVersion, at: 0 };
  return deriveNotifies({
    record: { ...record, tree, ledger, pendingEvents },
    local: agent.local(),
    view: await agent.view(),
    keepMs: KEEP_MS,
  });
}
interface Told extends Pick<NotifyRequest, 'subscription_id' | 'send_resp' | 'notification'> {
  readonly to: string;
  readonly msg_id: string;
}
const toldBy = (derived: DerivedNotifies | undefined): readonly Told[] =>
  (derived?.rows ?? []).flatMap(({ controller, payload, msg_id }) => {
    const msg = decodeMsg(Buffer.from(payload, 'base64'));
    if (!msg.ok || msg.msg.body.kind !== 'notify') return [];
    const { subscription_id, send_resp, notification } = msg.msg.body;
    return [{ to: controller, msg_id, subscription_id, send_resp, notification }];
  });

t.test('a watched value that changed is told to each who watches it', async (t) => {
  const agent = new AgentAtHand();
  const row = { NotifType: 'ValueChange', ReferenceList: SSID };
  await subscribe(agent, { ...row, ID: 'mine', NotifRetry: 'true', NotifExpiration: '60' });
  await subscribe(agent, { ...row, ID: 'yours' }, OTHER_CONTROLLER);
  const events = [values(4, [SSID, 'one'], [ENABLE, '0']), values(5, [SSID, 'one']), values(6, [SSID, 'two'])];
  const derived = await derive(agent, { [SSID]: entry('zero', 10_000, 10_001) }, ...events);
  const change = (param_value: string): unknown => ({ kind: 'value_change', param_path: SSID, param_value });
  t.match(toldBy(derived), [
    { to: CONTROLLER, subscription_id: 'mine', send_resp: true, notification: change('one') },
    { to: OTHER_CONTROLLER, subscription_id: 'yours', send_resp: false, notification: change('one') },
    { to: CONTROLLER, subscription_id: 'mine', notification: change('two') },
    { to: OTHER_CONTROLLER, subscription_id: 'yours', notification: change('two') },
  ]);
  const now = agent.cpe.now();
  t.match(derived?.rows, [
    { retry: true, expiresAt: now + KEEP_MS, expiration: 60_000 },
    { retry: false, expiresAt: now + KEEP_MS },
  ]);
  t.equal(parseLedger(derived?.ledger ?? '').get(SSID)?.value, 'two');
  const again = await derive(agent, { [SSID]: entry('zero', 10_000, 10_001) }, ...events);
  t.same(again?.rows, derived?.rows, 'derived again, the same rows with the same msg_ids');
  t.equal(new Set(derived?.rows.map(({ msg_id }) => msg_id)).size, 4);
});

t.test('one value spelt in two ways is no change, and what has no baseline becomes it', async (t) => {
  const agent = new AgentAtHand();
  await subscribe(agent, { NotifType: 'ValueChange', ReferenceList: `${SSID},${ENABLE}` });
  const ledger = { [ENABLE]: entry('1', 10_000), [SSID]: entry(undefined, 10_000) };
  const derived = await derive(agent, ledger, values(1, [ENABLE, 'true'], [SSID, 'first']), values(2, [SSID, 'next']));
  t.match(
    toldBy(derived).map(({ notification }) => notification),
    [{ param_path: SSID, param_value: 'next' }],
  );
  t.equal(toldBy(await derive(agent, ledger, values(1, [ENABLE, 'true'], [SSID, 'first']))).length, 0);
});

t.test('nobody is told of what is disabled, over, or of another type', async (t) => {
  const agent = new AgentAtHand();
  const row = { NotifType: 'ValueChange', ReferenceList: SSID };
  await subscribe(agent, { ...row, Enable: 'false' });
  await subscribe(agent, { ...row, TimeToLive: '1' });
  await subscribe(agent, { NotifType: 'Event', ReferenceList: SSID });
  agent.cpe.clock.advance(2000);
  const derived = await derive(agent, { [SSID]: entry('zero', 10_000, 10_001, 10_002) }, values(1, [SSID, 'one']));
  t.same(derived?.rows, []);
  t.same(enabledSubscriptions(agent.local()).length, 1);
});

t.test('Boot! once for each boot, to those who asked for it', async (t) => {
  const agent = new AgentAtHand();
  await subscribe(agent, { ID: 'boot', NotifType: 'Event', ReferenceList: 'Device.Boot!', Persistent: 'true' });
  await subscribe(agent, { ID: 'all', NotifType: 'Event', ReferenceList: 'Device', Persistent: 'true' });
  await subscribe(agent, { ID: 'wifi', NotifType: 'Event', ReferenceList: 'Device.WiFi.', Persistent: 'true' });
  // A repeated Inform has no mark of its own.
  const events = [inform(7, ['1 BOOT'], BOOTED), inform(8, ['1 BOOT']), inform(9, ['2 PERIODIC'])];
  const derived = await derive(agent, {}, ...events);
  t.match(toldBy(derived), [{ subscription_id: 'boot' }, { subscription_id: 'all' }]);
  t.equal(toldBy(derived).length, 2);
  const { notification } = toldBy(derived)[0] ?? {};
  t.match(notification, { kind: 'event', obj_path: 'Device.', event_name: 'Boot!' });
  t.same(notification?.kind === 'event' && Object.fromEntries(notification.params), {
    CommandKey: '',
    Cause: 'LocalReboot',
    Reason: 'Unknown',
    FirmwareUpdated: 'false',
    ParameterMap: '{}',
  });
});

t.test('Boot! tells whose boot it was', async (t) => {
  const agent = new AgentAtHand();
  await subscribe(agent, { NotifType: 'Event', ReferenceList: 'Device.Boot!' });
  const paramsOf = async (event: StoredEvent): Promise<unknown> => {
    const { notification } = toldBy(await derive(agent, {}, event))[0] ?? {};
    return notification?.kind === 'event' ? Object.fromEntries(notification.params) : undefined;
  };
  const expected = { CommandKey: '1K', command_key: 'k1', cause: 'RemoteReboot', reason: 'tidy', at: 0 };
  t.match(await paramsOf(inform(1, ['1 BOOT', 'M Reboot'], { expected, firmwareUpdated: true })), {
    CommandKey: 'k1',
    Cause: 'RemoteReboot',
    Reason: 'tidy',
    FirmwareUpdated: 'true',
  });
  t.match(await paramsOf(inform(1, ['0 BOOTSTRAP', '1 BOOT'], BOOTED)), { Cause: 'LocalFactoryReset' });
});

t.test('Boot! brings each Controller the values that it has asked for, as far as they are at hand', async (t) => {
  const agent = new AgentAtHand();
  const wanted = async (controller: number, ...names: readonly string[]): Promise<void> => {
    for (const ParameterName of names) {
      const row = create(`Device.LocalAgent.Controller.${controller}.BootParameter.`, {
        Enable: 'true',
        ParameterName,
      });
      await agent.expect('add_resp', add(row));
    }
  };
  const VERSION = 'Device.DeviceInfo.SoftwareVersion';
  await wanted(1, VERSION, 'Device.LocalAgent.Controller.*.Enable', 'Device.Bogus.X', 'cpe-1');
  await wanted(2, 'Device.LocalAgent.EndpointID');
  for (const from of [CONTROLLER, OTHER_CONTROLLER])
    await subscribe(agent, { NotifType: 'Event', ReferenceList: 'Device.Boot!' }, from);
  const events = [{ EventCode: '1 BOOT', CommandKey: '' }];
  const values = [[VERSION, '9.9']] as const;
  const booted = { ...informEvent(0, { events, values }), sequence: 1, boot: BOOTED };
  const maps = toldBy(await derive(agent, {}, booted)).map(
    ({ notification }) =>
      notification.kind === 'event' && (JSON.parse(notification.params.get('ParameterMap') ?? '') as unknown),
  );
  t.same(maps, [
    {
      [VERSION]: '9.9',
      'Device.LocalAgent.Controller.1.Enable': 'true',
      'Device.LocalAgent.Controller.2.Enable': 'true',
    },
    { 'Device.LocalAgent.EndpointID': agent.cpe.record.identity.endpointId },
  ]);
});

t.test(
  'Subscriptions that are not Persistent go with the boot, after they were told of it (TP-469 9.10)',
  async (t) => {
    const agent = new AgentAtHand();
    const row = { NotifType: 'Event', ReferenceList: 'Device.Boot!' };
    await subscribe(agent, { ...row, ID: 'passing' });
    await subscribe(agent, { ...row, ID: 'lasting', Persistent: 'true' });
    const derived = await derive(agent, {}, inform(1, ['1 BOOT'], BOOTED));
    t.match(toldBy(derived), [{ subscription_id: 'passing' }, { subscription_id: 'lasting' }]);
    t.equal(derived?.arm, 'yes');
    agent.own = parseRows(derived?.local?.rows ?? '');
    t.same(
      agent.subscriptions().map(({ id }) => id),
      ['lasting'],
    );
  },
);

t.test('ends that the CPE reports after a boot are told before it, what has changed after it', async (t) => {
  const agent = new AgentAtHand();
  const lasting = { Persistent: 'true' };
  await subscribe(agent, { ID: 'events', NotifType: 'Event', ReferenceList: 'Device.' });
  await subscribe(agent, { ID: 'ends', NotifType: 'OperationComplete', ReferenceList: 'Device.' });
  await subscribe(agent, { ID: 'passing', NotifType: 'ValueChange', ReferenceList: SSID });
  await subscribe(agent, { ID: 'lasting', NotifType: 'ValueChange', ReferenceList: SSID, ...lasting });
  const booted = { ...inform(1, ['1 BOOT', '7 TRANSFER COMPLETE'], BOOTED) };
  const body = JSON.stringify({
    events: [{ EventCode: '1 BOOT', CommandKey: '' }],
    values: [[SSID, 'other']],
  });
  const complete = {
    CommandKey: 'theirs',
    StartTime: '',
    CompleteTime: '',
    FaultStruct: { FaultCode: 0, FaultString: '' },
  };
  const transferred = { ...reportEvent(0, { method: 'TransferComplete', value: complete }), sequence: 2 };
  const operation = { command: 'Device.IP.Diagnostics.IPPing()', command_key: 'ping', detail: '{}' };
  const outcome = { kind: 'failed', err_code: 7022, err_msg: 'the CPE has booted' };
  const failed = { kind: 'operation', at: 0, sequence: 3, body: JSON.stringify({ operation, outcome }) } as const;
  const derived = await derive(
    agent,
    { [SSID]: entry('home', 10_002, 10_003) },
    { ...booted, body },
    transferred,
    failed,
  );
  t.same(
    toldBy(derived).map(({ subscription_id: id, notification: told }) => [
      id,
      told.kind === 'event' ? told.event_name : told.kind,
    ]),
    [
      ['events', 'TransferComplete!'],
      ['ends', 'oper_complete'],
      ['events', 'Boot!'],
      ['lasting', 'value_change'],
    ],
    'and not to a Subscription that has gone with the boot (facts: cwmp-usp-translation §9.3)',
  );
});

t.test('a BOOTSTRAP has what is watched armed again, whatever the CPE kept', async (t) => {
  const agent = new AgentAtHand();
  await subscribe(agent, { NotifType: 'ValueChange', ReferenceList: SSID, Persistent: 'true' });
  const watched = { [SSID]: entry('zero', 10_000) };
  t.equal((await derive(agent, watched, inform(1, ['0 BOOTSTRAP', '1 BOOT'], BOOTED)))?.arm, 'force');
  t.equal(await derive(agent, watched, inform(1, ['2 PERIODIC'])), undefined, 'nothing to store');
});

t.test('a Subscription whose arming was lost is armed with the next Inform, and once', async (t) => {
  const agent = new AgentAtHand();
  const armOf = async (ledger: string, event: StoredEvent): Promise<string> =>
    (await deriveStored(agent, ledger, event))?.arm ?? 'no';
  const periodic = inform(1, ['2 PERIODIC']);
  t.equal(await armOf('', periodic), 'no', 'nobody watches');
  await subscribe(agent, { ID: 'boot', NotifType: 'Event', ReferenceList: 'Device.Boot!' });
  await subscribe(agent, { ID: 'own', NotifType: 'ValueChange', ReferenceList: 'Device.LocalAgent.MTP.' });
  t.equal(await armOf('', periodic), 'no', 'not of the CPE');
  await subscribe(agent, { ID: 'gone', NotifType: 'ValueChange', ReferenceList: 'Device.Bogus.X' });
  t.equal(await armOf('', periodic), 'yes');
  t.equal(await armOf('', values(1, [SSID, 'x'])), 'no', 'a session asks for it once, with its Inform');
  const nothingFound = formatLedger(new Map(), armedMark(agent.cpe.record, agent.local()));
  t.equal(await armOf(nothingFound, periodic), 'no', 'looked for, and not there');
  await subscribe(agent, { ID: 'ssid', NotifType: 'ValueChange', ReferenceList: SSID });
  t.equal(await armOf(nothingFound, periodic), 'yes', 'another one');
  agent.own = parseRows('');
  t.equal(await armOf(nothingFound, periodic), 'yes', 'let go of what nobody watches any more');
});

t.test('the arming that a BOOTSTRAP owes is not lost either', async (t) => {
  const agent = new AgentAtHand();
  await subscribe(agent, { NotifType: 'ValueChange', ReferenceList: SSID, Persistent: 'true' });
  const derived = await derive(agent, { [SSID]: entry('zero', 10_000) }, inform(1, ['0 BOOTSTRAP', '1 BOOT'], BOOTED));
  const { watch, armed } = readLedger(derived?.ledger ?? '');
  t.match([watch.get(SSID)?.value, armed], ['zero', 'forgotten']);
  t.equal((await deriveStored(agent, derived?.ledger ?? '', inform(2, ['2 PERIODIC'])))?.arm, 'force');
});
