// Ours: what a CPE reports, and what becomes of it.
import { add, create, operate, set, update, type Values } from '../../agent/requests.ts';
import { part } from '../case.ts';
import { type Eut, SUBSCRIPTIONS } from '../eut.ts';
import type { Notify } from '../tester.ts';

const SSID = 'Device.WiFi.SSID.1.';
/** `park.max`, and a little. */
const PARK_MAX_MS = 310_000;
/** Within which a Ping is answered. */
const LONG_STEP_MS = 5_000;
const CHANNEL = 'Device.WiFi.Radio.1.Channel';

/** The CPE is told to report a value, whatever it answers. */
const armedFor = (eut: Eut, path: string): Promise<unknown> =>
  eut.cpe.waitFor(
    'rpc',
    ({ method, arguments: read }) => method === 'SetParameterAttributes' && JSON.stringify(read).includes(path),
  );

/** Subscribes, and waits until the CPE was told what to watch. */
async function watch(eut: Eut, ID: string, values: Values): Promise<void> {
  const armed = armedFor(eut, values['ReferenceList'] ?? '');
  await subscribe(eut, ID, values);
  await armed;
}

const subscribe = (eut: Eut, ID: string, values: Values): Promise<unknown> =>
  eut.tester.expect('add_resp', add(create(SUBSCRIPTIONS, { Enable: 'true', ID, ...values })));

const valueChange = (ReferenceList: string): Values => ({ NotifType: 'ValueChange', ReferenceList });
const BOOT = { NotifType: 'Event', ReferenceList: 'Device.Boot!' };

const tells = ({ subscription_id, notification }: Notify, id: string, path: string, value: string): boolean =>
  subscription_id === id &&
  notification.kind === 'value_change' &&
  notification.param_path === path &&
  notification.param_value === value;

/** An argument of a Boot!; undefined for anything else. */
const ofBoot = ({ notification }: Notify, name: string): string | undefined =>
  notification.kind === 'event' && notification.event_name === 'Boot!' ? notification.params.get(name) : undefined;

export const CPE_EVENTS = part([
  {
    id: 'CV-VC-1',
    title: 'a value that was changed at the CPE',
    cpe: true,
    run: async (eut, metric) => {
      await watch(eut, 'vc1', valueChange(`${SSID}SSID`));
      metric(1, eut.cpe.attributesOf(`${SSID}SSID`)?.notification === 2);
      // A session that is held open silences the CPE: this one is over.
      await eut.pass(PARK_MAX_MS, () => !eut.cpe.inSession, LONG_STEP_MS);
      const informed = eut.cpe.waitFor('session-started');
      eut.cpe.setLocally(`${SSID}SSID`, 'by hand');
      metric(2, tells(await eut.tester.notify(), 'vc1', `${SSID}SSID`, 'by hand'));
      metric(
        3,
        (await informed).events.some(({ code }) => code === '4 VALUE CHANGE'),
      );
    },
  },
  {
    id: 'CV-VC-2',
    title: 'a value that another Controller has changed',
    cpe: true,
    run: async (eut, metric) => {
      await watch(eut, 'vc2', valueChange(CHANNEL));
      const second = await eut.second();
      await second.expect('set_resp', set(update('Device.WiFi.Radio.1.', { 'Channel!': '6' })));
      metric(1, tells(await eut.tester.notify(), 'vc2', CHANNEL, '6'));
      await eut.tester.fence();
      metric(2, eut.tester.waiting.length === 0, 'it was told twice');
    },
  },
  {
    id: 'CV-VC-3',
    title: 'a value whose reports the CPE refuses',
    cpe: true,
    run: async (eut, metric) => {
      eut.cpe.misbehave({ method: 'SetParameterAttributes', answer: 9009 });
      await watch(eut, 'vc3', valueChange(`${SSID}Enable`));
      eut.cpe.setLocally(`${SSID}Enable`, 'false');
      await eut.pass(30_000, () => eut.tester.waiting.length > 0);
      metric(1, tells(await eut.tester.notify(), 'vc3', `${SSID}Enable`, 'false'));
      eut.cpe.behave();
    },
  },
  {
    id: 'CV-BOOT-1',
    title: 'a boot whose Inform is sent four times',
    cpe: true,
    alone: { cpe: { timings: { rebootTime: 50, retryScale: 0.01 } } },
    run: async (eut, metric) => {
      await subscribe(eut, 'boot', { ...BOOT, Persistent: 'true' });
      eut.cpe.misbehave({ method: 'Inform', answer: 'close', times: 3 });
      const fourth = eut.cpe.waitFor('session-started', ({ retryCount }) => retryCount === 3);
      eut.cpe.powerCycle();
      await fourth;
      const boot = await eut.tester.notify();
      metric(1, ofBoot(boot, 'Cause') === 'LocalReboot', JSON.stringify(boot.notification));
      await eut.pass(5_000);
      metric(2, eut.tester.waiting.length === 0, 'it was told twice');
    },
  },
  {
    id: 'CV-BOOT-2',
    title: 'FactoryReset()',
    cpe: true,
    alone: { cpe: { timings: { rebootTime: 50 } } },
    run: async (eut, metric) => {
      await subscribe(eut, 'boot', { ...BOOT, Persistent: 'true' });
      await watch(eut, 'kept', { ...valueChange(CHANNEL), Persistent: 'true' });
      await subscribe(eut, 'gone', BOOT);
      const armed = armedFor(eut, CHANNEL);
      await eut.tester.expect('operate_resp', operate('Device.FactoryReset()', {}, 'reset'));
      const first = await eut.tester.notify();
      metric(1, ofBoot(first, 'Cause') === 'RemoteFactoryReset', JSON.stringify(first.notification));
      await armed;
      metric(2, eut.cpe.attributesOf(CHANNEL)?.notification === 2, 'what is watched was not told again');
      const rows = await eut.tester.expect('get_resp', {
        kind: 'get',
        param_paths: [`${SUBSCRIPTIONS}*.ID`],
        max_depth: 0,
      });
      const ids =
        rows.req_path_results[0]?.resolved_path_results.map(({ result_params }) => result_params.get('ID')) ?? [];
      metric(3, ids.join() === 'boot,kept', ids.join());
    },
  },
]);
