// TP-469 chapter 1, Notify and Subscriptions. Where the plan waits, time is moved.
import {
  add,
  create,
  get,
  getInstances,
  operate,
  remove,
  resultOf,
  set,
  update,
  type Values,
} from '../../agent/requests.ts';
import { type Case, part, Unmet } from '../case.ts';
import { CONTROLLERS, type Eut, rowsOf, SECOND_ID, SUBSCRIPTIONS } from '../eut.ts';
import type { Notify } from '../tester.ts';
import { pathOf, PLAIN } from './tools.ts';

const SECOND = 1000;
/** What a slow machine may take between a moment and our seeing it. */
const SLACK = 1500;

/** A Subscription of the tester to its own ProvisioningCode, which is told until it is answered; its row. */
async function watchCode(eut: Eut, ID: string, more: Values = {}): Promise<string> {
  const values = {
    ...PLAIN,
    ID,
    'ReferenceList!': `${eut.me}ProvisioningCode`,
    NotifRetry: 'true',
    ...more,
  };
  const { created_obj_results } = await eut.tester.expect('add_resp', add(create(SUBSCRIPTIONS, values)));
  return pathOf(created_obj_results[0]);
}

const setCode = (eut: Eut, value: string): Promise<unknown> =>
  eut.tester.expect('set_resp', set(update(eut.me, { 'ProvisioningCode!': value })));

/** Whether a Notify tells of the tester's code. */
const tells = ({ me }: Eut, { subscription_id, notification }: Notify, id: string, value: string): boolean =>
  subscription_id === id &&
  notification.kind === 'value_change' &&
  notification.param_path === `${me}ProvisioningCode` &&
  notification.param_value === value;

/** Time until the next Notify; undefined when none comes within `limit`. */
async function nextIn(
  eut: Eut,
  limit: number,
): Promise<{ readonly after: number; readonly notify: Notify } | undefined> {
  const began = eut.clock.now();
  await eut.pass(limit, () => eut.tester.waiting.length > 0);
  const after = eut.clock.now() - began;
  return eut.tester.waiting.length === 0 ? undefined : { after, notify: await eut.tester.notify() };
}

const within = (time: number | undefined, from: number, to: number): boolean =>
  time !== undefined && time >= from - SLACK && time <= to + SLACK;

const silentFor = async (eut: Eut, ms: number): Promise<boolean> => (await nextIn(eut, ms)) === undefined;

const sendOnBoard = ({ tester, me }: Eut, key: string): string =>
  tester.send({ ...operate(`${me}SendOnBoardRequest()`, {}, key), send_resp: false });

const onBoarded = ({ notification }: Notify): boolean => notification.kind === 'on_board_req';

/** 1.93 and 1.94: the Subscription switches itself off. */
const triggers =
  (TriggerAction: string, id: string): Case['run'] =>
  async (eut, metric) => {
    await setCode(eut, 'before');
    const row = await watchCode(eut, id, { TriggerAction });
    metric(1, true);
    const settings = { 'TriggerConfigSettings!': `${row}Enable=false` };
    await eut.tester.expect('set_resp', set(update(row, settings)));
    await setCode(eut, `value of ${id}`);
    if (TriggerAction !== 'Config') metric(2, tells(eut, await eut.tester.notify(), id, `value of ${id}`));
    await eut.pass(2 * SECOND);
    const values = resultOf(await eut.tester.expect('get_resp', get(`${row}Enable`)));
    metric(3, values[row]?.['Enable'] === 'false', JSON.stringify(values));
    if (TriggerAction === 'Config') metric(4, eut.tester.waiting.length === 0, 'a Notify came');
  };

export const NOTIFY = part([
  {
    id: '1.52',
    title: 'ValueChange',
    run: async (eut, metric) => {
      await setCode(eut, 'before');
      await watchCode(eut, 'notify52');
      metric(1, true);
      await setCode(eut, 'TestValue52');
      const notify = await eut.tester.notify();
      // The plan writes the ID in two ways; what was stored is what comes back.
      metric(2, tells(eut, notify, 'notify52', 'TestValue52'), JSON.stringify(notify));
    },
  },
  {
    id: '1.53',
    title: 'a Subscription that is deleted tells nothing more',
    run: async (eut, metric) => {
      await setCode(eut, 'before');
      const row = await watchCode(eut, 'notify53');
      await setCode(eut, 'TestValue53');
      metric(1, tells(eut, await eut.tester.notify(), 'notify53', 'TestValue53'));
      await eut.tester.expect('delete_resp', remove(row));
      await setCode(eut, 'notify53-2');
      metric(2, await silentFor(eut, 20 * SECOND));
    },
  },
  {
    id: '1.54',
    title: 'a Notify without NotifyResp comes again',
    run: async (eut, metric) => {
      const { tester } = eut;
      await setCode(eut, 'before');
      await watchCode(eut, 'notify54');
      tester.answers = false;
      await setCode(eut, 'TestValue54');
      const first = await tester.notify();
      const second = await nextIn(eut, 12 * SECOND);
      metric(1, second?.notify.msg_id === first.msg_id && tells(eut, second.notify, 'notify54', 'TestValue54'));
      const third = await nextIn(eut, 22 * SECOND);
      const times = [second?.after, third?.after];
      metric(2, within(times[0], 5 * SECOND, 10 * SECOND) && within(times[1], 10 * SECOND, 20 * SECOND), times.join());
      tester.respond(first);
      metric(3, await silentFor(eut, 45 * SECOND), 'it came again after the NotifyResp');
    },
  },
  {
    id: '1.55',
    title: 'TimeToLive',
    run: async (eut, metric) => {
      await setCode(eut, 'before');
      const row = await watchCode(eut, 'notify55', { TimeToLive: '20' });
      await setCode(eut, 'TestValue55');
      metric(1, tells(eut, await eut.tester.notify(), 'notify55', 'TestValue55'));
      await eut.pass(21 * SECOND);
      const answer = await eut.tester.expect('get_instances_resp', getInstances(SUBSCRIPTIONS));
      const paths = answer.req_path_results.flatMap(({ curr_insts }) =>
        curr_insts.map((one) => one.instantiated_obj_path),
      );
      metric(2, !paths.includes(row), paths.join());
      await setCode(eut, 'TestValue55-2');
      metric(3, await silentFor(eut, 10 * SECOND));
    },
  },
  {
    id: '1.56',
    title: 'NotifExpiration',
    run: async (eut, metric) => {
      const { tester } = eut;
      await setCode(eut, 'before');
      await watchCode(eut, 'notify56', { NotifExpiration: '20' });
      tester.answers = false;
      await setCode(eut, 'TestValue56');
      await tester.notify();
      metric(1, (await nextIn(eut, 12 * SECOND)) !== undefined);
      // A second one may come before 20 s are over; none later.
      await eut.pass(15 * SECOND);
      tester.forget();
      metric(2, await silentFor(eut, 60 * SECOND));
    },
  },
  {
    id: '1.57',
    title: 'ObjectCreation',
    run: async (eut, metric) => {
      await watchCode(eut, 'notify57', { NotifType: 'ObjectCreation', 'ReferenceList!': SUBSCRIPTIONS });
      metric(1, true);
      const row = await watchCode(eut, 'notify57-2');
      const { subscription_id, notification } = await eut.tester.notify();
      if (notification.kind !== 'obj_creation') throw new Unmet('obj_creation', notification.kind);
      const { obj_path, unique_keys } = notification;
      const recipient = unique_keys.get('Recipient')?.replace(/\.?$/, '.');
      const keys = unique_keys.get('ID') === 'notify57-2' && recipient === eut.me;
      metric(2, subscription_id === 'notify57' && obj_path === row && keys, `${obj_path} ${[...unique_keys].join()}`);
    },
  },
  {
    id: '1.58',
    title: 'ObjectDeletion',
    run: async (eut, metric) => {
      const row = await watchCode(eut, 'going');
      await watchCode(eut, 'notify58', { NotifType: 'ObjectDeletion', 'ReferenceList!': SUBSCRIPTIONS });
      metric(1, true);
      await eut.tester.expect('delete_resp', remove(row));
      const { subscription_id, notification } = await eut.tester.notify();
      const gone = notification.kind === 'obj_deletion' && notification.obj_path;
      metric(2, subscription_id === 'notify58' && gone === row, `${subscription_id} ${gone}`);
    },
  },
  {
    id: '1.59',
    title: 'Periodic!',
    run: async (eut, metric) => {
      const periodic = { PeriodicNotifInterval: '60', PeriodicNotifTime: '2019-01-01T00:00:00Z' };
      await eut.tester.expect('set_resp', set(update(eut.me, periodic)));
      metric(1, true);
      const values = {
        Enable: 'true',
        ID: 'sub-103',
        NotifType: 'Event',
        ReferenceList: 'Device.LocalAgent.Periodic!',
      };
      await eut.tester.expect('add_resp', add(create(SUBSCRIPTIONS, values)));
      metric(2, true);
      const first = await nextIn(eut, 63 * SECOND);
      const second = await nextIn(eut, 66 * SECOND);
      const isPeriodic = (notify: Notify | undefined): boolean =>
        notify?.notification.kind === 'event' && notify.notification.event_name === 'Periodic!';
      metric(3, isPeriodic(first?.notify));
      metric(4, isPeriodic(second?.notify) && within(second?.after, 56 * SECOND, 64 * SECOND), String(second?.after));
    },
  },
  {
    id: '1.60',
    title: 'OnBoardRequest',
    run: async (eut, metric) => {
      sendOnBoard(eut, 'test60');
      const { subscription_id, notification } = await eut.tester.notify();
      if (notification.kind !== 'on_board_req') throw new Unmet('on_board_req', notification.kind);
      const { oui, productClass, serialNumber } = eut.cpe.deviceId;
      const { oui: ours, product_class, serial_number, agent_supported_protocol_versions: versions } = notification;
      const identity = [ours, product_class, serial_number].join() === [oui, productClass, serialNumber].join();
      metric(1, subscription_id === '' && identity && versions.includes('1.4'), JSON.stringify(notification));
    },
  },
  {
    id: '1.78',
    title: 'Subscriptions go with their Controller',
    alone: true,
    run: async (eut, metric) => {
      const second = await eut.second();
      const body = add(create(SUBSCRIPTIONS, { ...PLAIN, ID: 'of the second' }));
      const row = pathOf((await second.expect('add_resp', body)).created_obj_results[0]);
      await eut.tester.expect('delete_resp', remove(await eut.rowOf(SECOND_ID)));
      metric(1, (await rowsOf(eut.tester, SUBSCRIPTIONS))[row] === undefined);
    },
  },
  {
    id: '1.84',
    title: 'a Subscription to a search',
    run: async (eut, metric) => {
      const names = ['Device.LocalAgent.SoftwareVersion', `${CONTROLLERS}1.Enable`];
      const rows = names.map((ParameterName) => create(`${eut.me}BootParameter.`, { Enable: 'true', ParameterName }));
      const made = await eut.tester.expect('add_resp', add(...rows));
      const boot = pathOf(made.created_obj_results[1]);
      await watchCode(eut, 'notify84', { 'ReferenceList!': `${eut.me}BootParameter.*.Enable` });
      metric(1, true);
      // The plan leaves out the last dot of the path.
      await eut.tester.expect('set_resp', set(update(boot.slice(0, -1), { 'Enable!': 'false' })));
      const { subscription_id, notification } = await eut.tester.notify();
      const path = notification.kind === 'value_change' && notification.param_path;
      metric(2, subscription_id === 'notify84' && path === `${boot}Enable`, String(path));
    },
  },
  { id: '1.93', title: 'TriggerAction Config', run: triggers('Config', 'notify93') },
  { id: '1.94', title: 'TriggerAction NotifyAndConfig', run: triggers('NotifyAndConfig', 'notify94') },
  {
    id: '1.101',
    title: 'SendOnBoardRequest() sets OnBoardingComplete to false',
    run: async (eut, metric) => {
      const { tester, me } = eut;
      sendOnBoard(eut, 'test101');
      metric(1, onBoarded(await tester.notify()));
      const row = resultOf(await tester.expect('get_resp', get(`${me}OnBoardingComplete`)))[me];
      metric(2, row?.['OnBoardingComplete'] === 'false', JSON.stringify(row));
      await tester.expect('set_resp', set(update(me, { 'OnBoardingComplete!': 'true' })));
    },
  },
  {
    id: '1.102',
    title: 'OnBoardingRestartTime',
    run: async (eut, metric) => {
      const { tester, me } = eut;
      await tester.expect('set_resp', set(update(me, { 'OnBoardingRestartTime!': '60' })));
      sendOnBoard(eut, 'test102');
      metric(1, onBoarded(await tester.notify()));
      const again = await nextIn(eut, 65 * SECOND);
      const isOne = again !== undefined && onBoarded(again.notify);
      metric(2, isOne && within(again.after, 60 * SECOND, 60 * SECOND), String(again?.after));
      await tester.expect('set_resp', set(update(me, { 'OnBoardingComplete!': 'true' })));
      metric(3, await silentFor(eut, 65 * SECOND));
    },
  },
  {
    id: '1.103',
    title: 'OnBoardingRestartTime 0',
    run: async (eut, metric) => {
      const { tester, me } = eut;
      await tester.expect('set_resp', set(update(me, { 'OnBoardingRestartTime!': '0' })));
      sendOnBoard(eut, 'test103');
      metric(1, onBoarded(await tester.notify()));
      metric(2, await silentFor(eut, 65 * SECOND));
    },
  },
]);
