// What the Agent answers by itself, and what goes into the mailbox (DESIGN, the way of the data): over a real store.
import t from 'tap';
import { USP } from '../../proxy/agent/agent.ts';
import { parseRows } from '../../proxy/agent/local-agent/rows.ts';
import { ARM } from '../../proxy/device/room.ts';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import { KEY } from '../store/contract/samples.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { CONTROLLER } from './agent-at-hand.ts';
import { add, create, get, operate, remove, set, update } from './requests.ts';

const TABLE = 'Device.LocalAgent.Subscription.';
const BOOT = { Enable: 'true', NotifType: 'Event', ReferenceList: 'Device.Boot!' };
const VALUES = { Enable: 'true', NotifType: 'ValueChange', ReferenceList: 'Device.WiFi.' };
const rowsOf = async (over: AgentOverStore): Promise<readonly string[]> =>
  Object.keys(parseRows((await over.device()).local).tables[TABLE] ?? {});

t.test('LocalAgent is answered though the CPE is away, and what changes is stored', async (t) => {
  const over = await AgentOverStore.open(t);
  t.match(await over.answer(get('Device.LocalAgent.EndpointID')), { req_path_results: [{ err_code: 0 }] });
  t.match(await over.answer(add(create(TABLE, BOOT))), { kind: 'add_resp' });
  t.same(await rowsOf(over), ['10000']);
  const { localVersion } = await over.device();
  await over.answer(get(TABLE));
  t.match(await over.answer(add(create(TABLE, BOOT), create('Device.LocalAgent.MTP.'))), { kind: 'error' });
  t.equal((await over.device()).localVersion, localVersion, 'a read and a failure store nothing');
  t.same(over.submitted, []);
});

t.test('what concerns the CPE goes whole and unstarted into its mailbox', async (t) => {
  const over = await AgentOverStore.open(t);
  const request = get('Device.LocalAgent.EndpointID', 'Device.DeviceInfo.SerialNumber');
  t.same(await over.handle(request), { kind: 'queued' });
  const [submission] = over.submitted;
  const { identity } = await over.device();
  t.match(submission, {
    kind: USP,
    origin: { from_id: CONTROLLER, to_id: identity.endpointId, msg_id: 'm1' },
    returnPath: 'socket-1',
  });
  t.notOk('roles' in (submission?.origin ?? {}), 'who has no roles by its credential: nothing is stored of them');
  await over.handle(request, ['watcher', 'operator']);
  t.same(over.submitted[1]?.origin?.roles, ['watcher', 'operator'], 'whose credential gives it roles');
  const msg = decodeMsg(Buffer.from(submission?.payload ?? '', 'base64'));
  t.match(msg.ok && msg.msg, { msg_id: 'm1', body: request });
  over.admits = { kind: 'refused', reason: 'full' };
  t.match(await over.answer(request), { kind: 'error', err_code: 7005 });
  over.admits = { kind: 'refused', reason: 'unknown-device' };
  t.match(await over.answer(request), { kind: 'error', err_code: 7003 });
  over.admits = { kind: 'joined', id: 'request' };
  t.same(await over.handle(request), { kind: 'queued' });
});

t.test('what the grammar refuses needs no CPE', async (t) => {
  const over = await AgentOverStore.open(t);
  t.match(await over.answer(get('Device.[')), { req_path_results: [{ err_code: 7008 }] });
  t.match(await over.answer(operate('Device.LocalAgent.Reset()')), { kind: 'operate_resp' });
  t.same(over.submitted, []);
});

t.test('many who change the rows at the same moment all succeed', async (t) => {
  const over = await AgentOverStore.open(t);
  const ids = Array.from({ length: 20 }, (_, index) => `id-${index}`);
  const answers = await Promise.all(ids.map((ID) => over.answer(add(create(TABLE, { ...BOOT, ID })))));
  t.ok(answers.every(({ kind }) => kind === 'add_resp'));
  t.same(
    await rowsOf(over),
    ids.map((_, index) => String(10_000 + index)),
  );
});

t.test('a Subscription to values has the CPE asked; its answer does not wait for that', async (t) => {
  const over = await AgentOverStore.open(t);
  t.match(await over.answer(add(create(TABLE, BOOT))), { kind: 'add_resp' });
  t.same(over.submitted, []);
  t.match(await over.answer(add(create(TABLE, VALUES))), { kind: 'add_resp' });
  t.match(over.submitted, [{ kind: ARM, returnPath: undefined }]);
  await over.answer(set(update(`${TABLE}10001.`, { 'NotifRetry!': 'true', 'Enable!': 'false' })));
  t.equal(over.submitted.length, 2, 'what it watches is let go');
  await over.answer(set(update(`${TABLE}10001.`, { 'NotifExpiration!': '5' })));
  await over.answer(remove(`${TABLE}10000.`));
  t.equal(over.submitted.length, 2);
});

t.test('Notifies of a Subscription that is disabled or gone are nobody’s any more', async (t) => {
  const over = await AgentOverStore.open(t);
  await over.answer(add(create(TABLE, BOOT), create(TABLE, BOOT)));
  const row = (subscription: number): Parameters<typeof over.store.outbox.deriveNotifies>[2] => ({
    rows: [
      {
        id: `1.${subscription}.0`,
        msg_id: `notify-1.${subscription}.0`,
        controller: CONTROLLER,
        subscription,
        retry: true,
        createdAt: over.now,
        expiresAt: over.now + 60_000,
        payload: '',
        attempts: 0,
        nextAt: 0,
      },
    ],
    ledger: undefined,
    local: undefined,
  });
  const both = { ...row(10_000), rows: [...row(10_000).rows, ...row(10_001).rows] };
  await over.store.outbox.deriveNotifies(KEY, 1, both, 10);
  await over.answer(set(update(`${TABLE}10000.`, { 'Enable!': 'false' })));
  t.match(await over.store.outbox.listNotifies(KEY, CONTROLLER), [{ subscription: 10_001 }]);
  await over.answer(remove(`${TABLE}10001.`));
  t.same(await over.store.outbox.listNotifies(KEY, CONTROLLER), []);
});

t.test('a TimeToLive ends by due work, the next one when its own time comes', async (t) => {
  const over = await AgentOverStore.open(t);
  await over.answer(add(create(TABLE, { ...BOOT, TimeToLive: '60' }), create(TABLE, { ...BOOT, TimeToLive: '90' })));
  t.same(over.scheduled, [['subscription', over.now + 60_000]]);
  over.now += 60_000;
  t.equal(await over.agent.lookAfter(KEY), over.now + 30_000);
  t.same(await rowsOf(over), ['10001']);
  over.now += 30_000;
  t.equal(await over.agent.lookAfter(KEY), undefined);
  t.same(await rowsOf(over), []);
});
