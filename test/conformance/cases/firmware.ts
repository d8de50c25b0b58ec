// TP-469 chapter 9, firmware: a CPE with one bank, of which the Agent shows two (profile Firmware:1).
import { get, operate, resultOf, type Values } from '../../agent/requests.ts';
import { type FileServer, startFileServer } from '../../cpe/file-server.ts';
import { part, Unmet } from '../case.ts';
import { type Eut, rowsOf } from '../eut.ts';
import { brief, type Notify } from '../tester.ts';
import { started } from './operate.ts';
import { subscribe } from './tools.ts';

const INFO = 'Device.DeviceInfo.';
const IMAGES = `${INFO}FirmwareImage.`;
const COMPLETE = 'Device.LocalAgent.TransferComplete!';
const VERSION = `${INFO}SoftwareVersion`;
const IMAGE = 'an image that is no image';

/** What is told after a boot is told to Subscriptions that outlive it. */
const event = (ReferenceList: string): Values => ({ NotifType: 'Event', ReferenceList, Persistent: 'true' });
const end = (ReferenceList: string): Values => ({ ...event(ReferenceList), NotifType: 'OperationComplete' });

async function info(eut: Eut): Promise<Values> {
  return resultOf(await eut.tester.expect('get_resp', get(INFO)))[INFO] ?? {};
}

interface Banks {
  readonly active: string;
  readonly inactive: string;
}
async function banksOf(eut: Eut): Promise<Banks> {
  const rows = Object.keys(await rowsOf(eut.tester, IMAGES));
  const active = `${(await info(eut))['ActiveFirmwareImage'] ?? ''}.`;
  const inactive = rows.find((row) => row !== active);
  if (inactive === undefined || !rows.includes(active)) throw new Unmet('two banks', rows.join());
  return { active, inactive };
}

const serveImages = (eut: Eut, ...versions: readonly string[]): Promise<FileServer> =>
  startFileServer(eut.t, '/locked/', Object.fromEntries(versions.map((version) => [`/${version}`, IMAGE])));

/** Test set-up of the cases in which an image is activated: it is in the inactive bank. */
async function keep(eut: Eut, version: string): Promise<string> {
  const { url } = await serveImages(eut, version);
  const { inactive } = await banksOf(eut);
  await subscribe(eut, end(`${inactive}Download()`));
  await started(eut, `${inactive}Download()`, { URL: `${url}/${version}`, AutoActivate: 'false' }, 'kept');
  await nextEnd(eut, 'Download()');
  return inactive;
}

const nextEnd = (eut: Eut, name: string): Promise<Notify> =>
  eut.tester.notify(({ notification }) => notification.kind === 'oper_complete' && notification.command_name === name);

const nextEvent = (eut: Eut, name: string): Promise<Notify> =>
  eut.tester.notify(({ notification }) => notification.kind === 'event' && notification.event_name === name);

const argument = ({ notification }: Notify, name: string): string | undefined =>
  notification.kind === 'event' ? notification.params.get(name) : undefined;

const succeeded = ({ notification }: Notify): boolean =>
  notification.kind === 'oper_complete' && notification.operation_resp.kind === 'req_output_args';

const window = (Start: string, End: string, Mode: string): Values =>
  Object.fromEntries(Object.entries({ Start, End, Mode }).map(([name, value]) => [`TimeWindow.1.${name}`, value]));

export const FIRMWARE = part([
  {
    id: '9.6',
    title: 'an image whose checksum is wrong',
    cpe: true,
    run: async (eut, metric) => {
      const { url } = await serveImages(eut, 'wrong');
      const { inactive } = await banksOf(eut);
      await subscribe(eut, event(COMPLETE));
      const args = { URL: `${url}/wrong`, CheckSumAlgorithm: 'SHA-1', CheckSum: 'ab'.repeat(20) };
      await started(eut, `${inactive}Download()`, args, 'test96');
      const told = await nextEvent(eut, 'TransferComplete!');
      metric(1, argument(told, 'FaultCode') !== '0', JSON.stringify(told));
      const row = (await rowsOf(eut.tester, IMAGES))[inactive];
      metric(2, row?.['Status'] === 'ValidationFailed', JSON.stringify(row));
      metric(
        2,
        eut.rpcs().every(({ method }) => method !== 'Download'),
        'the CPE was asked to load it',
      );
    },
  },
  {
    id: '9.3',
    title: 'Download() with AutoActivate',
    cpe: true,
    run: async (eut, metric) => {
      const { url } = await serveImages(eut, 'version-93');
      const { inactive } = await banksOf(eut);
      await subscribe(eut, event(COMPLETE), event('Device.Boot!'), end(`${inactive}Download()`));
      const args = { AutoActivate: 'true', URL: `${url}/version-93`, FileSize: String(IMAGE.length) };
      await started(eut, `${inactive}Download()`, args, 'test93');
      metric(1, succeeded(await nextEnd(eut, 'Download()')));
      metric(2, argument(await nextEvent(eut, 'TransferComplete!'), 'FaultCode') === '0');
      const boot = await nextEvent(eut, 'Boot!');
      metric(3, argument(boot, 'FirmwareUpdated') === 'true' && argument(boot, 'Cause') === 'RemoteReboot');
      const now = await info(eut);
      metric(4, `${now['ActiveFirmwareImage'] ?? ''}.` === inactive, now['ActiveFirmwareImage']);
      metric(4, now['SoftwareVersion'] === 'version-93', now['SoftwareVersion']);
    },
  },
  {
    id: '9.4',
    title: 'Activate(), Immediately',
    cpe: true,
    run: async (eut, metric) => {
      const bank = await keep(eut, 'version-94');
      await subscribe(eut, event('Device.Boot!'), end(`${bank}Activate()`));
      await started(eut, `${bank}Activate()`, window('1', '100', 'Immediately'), 'test94');
      // Of the plan's 5 seconds these go by; the rest is what this machine takes.
      await eut.pass(1500);
      metric(1, succeeded(await nextEnd(eut, 'Activate()')));
      metric(2, argument(await nextEvent(eut, 'Boot!'), 'FirmwareUpdated') === 'true');
      metric(3, (await info(eut))['SoftwareVersion'] === 'version-94');
    },
  },
  {
    id: '9.5',
    title: 'Activate(), AnyTime',
    cpe: true,
    run: async (eut, metric) => {
      const bank = await keep(eut, 'version-95');
      await subscribe(eut, event('Device.Boot!'), end(`${bank}Activate()`));
      await started(eut, `${bank}Activate()`, window('0', '120', 'AnyTime'), 'test95');
      // No time is let go by: the window is open.
      const told = await nextEnd(eut, 'Activate()');
      metric(1, true);
      metric(2, succeeded(told));
      metric(3, argument(await nextEvent(eut, 'Boot!'), 'FirmwareUpdated') === 'true');
      const value = await eut.tester.expect('get_resp', get(VERSION));
      metric(3, resultOf(value)[INFO]?.['SoftwareVersion'] === 'version-95', brief(value));
    },
  },
  {
    id: '9.7',
    title: 'Download() into the active bank',
    cpe: true,
    run: async (eut, metric) => {
      const { url } = await serveImages(eut, 'version-97');
      const { active } = await banksOf(eut);
      await subscribe(eut, event(COMPLETE), event('Device.Boot!'));
      await started(eut, `${active}Download()`, { URL: `${url}/version-97`, AutoActivate: 'true' }, 'test97');
      // Two banks are shown, so the plan would take an error as well.
      metric(4, argument(await nextEvent(eut, 'TransferComplete!'), 'FaultCode') === '0');
      metric(5, argument(await nextEvent(eut, 'Boot!'), 'FirmwareUpdated') === 'true');
      metric(5, (await banksOf(eut)).active === active, 'the CPE has no other bank');
    },
  },
  {
    id: '9.8',
    title: 'an Activate() that is cancelled before its time',
    cpe: true,
    run: async (eut, metric) => {
      const bank = await keep(eut, 'version-98');
      await subscribe(eut, event('Device.Boot!'));
      const asked = operate(`${bank}Activate()`, window('120', '500', 'AnyTime'), 'test98');
      const answer = await eut.tester.expect('operate_resp', asked);
      const [only] = answer.operation_results;
      const request = only?.operation_resp.kind === 'req_obj_path' ? only.operation_resp.req_obj_path : '';
      // The plan writes 'Activate()'; TR-369 has the whole path in executed_command.
      metric(1, only?.executed_command === `${bank}Activate()` && request !== '', brief(answer));
      await eut.tester.expect('operate_resp', operate(`${request}Cancel()`));
      await eut.pass(500_000, undefined, 10_000);
      metric(2, !eut.tester.waiting.some(({ notification }) => notification.kind === 'event'), 'it has booted');
      const row = (await rowsOf(eut.tester, 'Device.LocalAgent.Request.'))[request];
      metric(3, row === undefined || /^Cancell?(?:ed|ing)$/.test(row['Status'] ?? ''), JSON.stringify(row));
      metric(3, (await rowsOf(eut.tester, IMAGES))[bank]?.['Status'] === 'Available', 'the image is kept');
    },
  },
]);
