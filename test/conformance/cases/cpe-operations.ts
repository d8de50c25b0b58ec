// Ours: commands that the CPE carries out by a diagnostic, which takes its time and reports by "8 DIAGNOSTICS COMPLETE".
import { add, create, get, operate } from '../../agent/requests.ts';
import { loadDump } from '../../cpe/dumps.ts';
import { startFileServer } from '../../cpe/file-server.ts';
import { part, Unmet } from '../case.ts';
import { type Eut, rowsOf, SUBSCRIPTIONS } from '../eut.ts';
import { brief, type Notify } from '../tester.ts';
import { started, watchEnd } from './operate.ts';

const OBJECT = 'Device.IP.Diagnostics.';
const PING = `${OBJECT}IPPing()`;
const RESTORE = 'Device.DeviceInfo.VendorConfigFile.1.Restore()';
const COMPLETE = 'Device.LocalAgent.TransferComplete!';
const REQUESTS = 'Device.LocalAgent.Request.';
const INPUTS = {
  Host: '192.0.2.1',
  ProtocolVersion: 'Any',
  NumberOfRepetitions: '2',
  Timeout: '500',
  DataBlockSize: '64',
};

/** Output arguments of the command's end. */
function outputs({ notification }: Notify, key: string): ReadonlyMap<string, string> | undefined {
  if (notification.kind !== 'oper_complete' || notification.command_key !== key) return undefined;
  if (`${notification.obj_path}${notification.command_name}` !== PING) return undefined;
  const { operation_resp } = notification;
  return operation_resp.kind === 'req_output_args' ? operation_resp.output_args : undefined;
}

const requestedTimes = (sent: readonly string[]): number =>
  sent.filter((value) => value === `${OBJECT}IPPing.DiagnosticsState=Requested`).length;

const ofRequests = (eut: Eut): Promise<Readonly<Record<string, unknown>>> => rowsOf(eut.tester, REQUESTS);

export const CPE_OPERATIONS = part([
  {
    id: 'CV-OP-1',
    title: 'IPPing()',
    cpe: true,
    alone: true,
    run: async (eut, metric) => {
      await watchEnd(eut, PING);
      const request = await started(eut, PING, INPUTS, 'op1');
      metric(1, request in (await ofRequests(eut)), request);
      const sent = await eut.sent('SetParameterValues');
      const wanted = [...Object.entries(INPUTS), ['DiagnosticsState', 'Requested']];
      metric(
        2,
        wanted.every(([name, value]) => sent.includes(`${OBJECT}IPPing.${name}=${value}`)),
        sent.join(),
      );
      const results = outputs(await eut.tester.notify(), 'op1');
      metric(3, results?.get('SuccessCount') !== undefined, JSON.stringify([...(results ?? [])]));
    },
  },
  {
    id: 'CV-OP-2',
    title: 'two IPPing() at once',
    cpe: true,
    alone: true,
    run: async (eut, metric) => {
      await watchEnd(eut, PING);
      await started(eut, PING, INPUTS, 'first');
      const answer = await eut.tester.expect('operate_resp', operate(PING, { ...INPUTS, Host: '192.0.2.2' }, 'second'));
      const second = answer.operation_results[0]?.operation_resp;
      const first = outputs(await eut.tester.notify(), 'first');
      metric(1, first !== undefined);
      if (second?.kind === 'cmd_failure') metric(2, second.err_code === 7005, brief(answer));
      else metric(2, outputs(await eut.tester.notify(), 'second') !== undefined);
      const sent = await eut.sent('SetParameterValues');
      metric(3, requestedTimes(sent) === (second?.kind === 'cmd_failure' ? 1 : 2), sent.join());
    },
  },
  {
    id: 'CV-OP-3',
    title: 'an IPPing() that is cancelled',
    cpe: true,
    alone: { cpe: { timings: { diagnosticTime: 600_000 } } },
    run: async (eut, metric) => {
      const request = await started(eut, PING, INPUTS, 'op3');
      await eut.sent('SetParameterValues');
      const answer = await eut.tester.expect('operate_resp', operate(`${request}Cancel()`));
      metric(1, answer.operation_results[0]?.operation_resp.kind === 'req_output_args', brief(answer));
      const row = (await rowsOf(eut.tester, REQUESTS))[request];
      metric(2, row === undefined || ['Canceled', 'Canceling'].includes(row['Status'] ?? ''), JSON.stringify(row));
      const value = await eut.tester.expect('get_resp', get('Device.DeviceInfo.SoftwareVersion'));
      if (value.req_path_results[0]?.err_code !== 0) throw new Unmet('the CPE answers', brief(value));
    },
  },
  {
    id: 'CV-TC-1',
    title: 'a transfer of a file that is not there',
    cpe: true,
    alone: { cpe: { dump: loadDump('home-router-tr181'), timings: { transferTime: 10 } } },
    run: async (eut, metric) => {
      const files = await startFileServer(eut.t, '/', {});
      const event = { Enable: 'true', ID: 'transfers', NotifType: 'Event', ReferenceList: COMPLETE };
      await eut.tester.expect('add_resp', add(create(SUBSCRIPTIONS, event)));
      await watchEnd(eut, RESTORE);
      const args = { URL: `${files.url}/missing.cfg`, Username: 'user', Password: 'pass' };
      await started(eut, RESTORE, args, 'tc1');
      const isEnd = ({ notification }: Notify): boolean => notification.kind === 'oper_complete';
      const { notification: end } = await eut.tester.notify(isEnd);
      const failure = end.kind === 'oper_complete' && end.operation_resp.kind === 'cmd_failure' && end.operation_resp;
      metric(1, failure !== false && failure.err_code === 7022, JSON.stringify(end));
      const { notification: told } = await eut.tester.notify((notify) => !isEnd(notify));
      // The argument is a code of TR-369; CWMP's own stands in the text.
      const [code, text] = told.kind === 'event' ? [told.params.get('FaultCode'), told.params.get('FaultString')] : [];
      metric(2, code === '7022' && /90(?:1\d)/.test(text ?? ''), `${code} ${text}`);
    },
  },
]);
