// TP-469 chapter 1, Operate. What is long takes its time from the clock that a case moves.
import { add, create, get, operate, resultOf, type Values } from '../../agent/requests.ts';
import { loadDump } from '../../cpe/dumps.ts';
import { type Case, part, Unmet } from '../case.ts';
import { type Eut, SUBSCRIPTIONS } from '../eut.ts';
import { brief } from '../tester.ts';

const TIMER = 'Device.ScheduleTimer()';
const TRACE = 'Device.IP.Diagnostics.TraceRoute()';
const REQUEST = /^Device\.LocalAgent\.Request\.[1-9]\d*\.$/;

/** Subscribes to the end of a command. */
export const watchEnd = (eut: Eut, command: string): Promise<unknown> =>
  eut.tester.expect(
    'add_resp',
    add(create(SUBSCRIPTIONS, { Enable: 'true', ID: 'end', NotifType: 'OperationComplete', ReferenceList: command })),
  );

/** The path of the Request that an Operate has started. */
export async function started(eut: Eut, command: string, args: Values, key: string): Promise<string> {
  const answer = await eut.tester.expect('operate_resp', operate(command, args, key));
  const [only, ...more] = answer.operation_results;
  if (only?.operation_resp.kind !== 'req_obj_path' || more.length > 0) throw new Unmet('req_obj_path', brief(answer));
  if (only.executed_command !== command) throw new Unmet(command, only.executed_command);
  return only.operation_resp.req_obj_path;
}

/** Waits for OperationComplete, moving time; answers whether it is the one. */
export async function ended(eut: Eut, limit: number, object: string, command: string, key: string): Promise<boolean> {
  await eut.pass(limit, () => eut.tester.waiting.length > 0);
  const { notification } = await eut.tester.notify();
  if (notification.kind !== 'oper_complete') throw new Unmet('oper_complete', notification.kind);
  const { obj_path, command_name, command_key, operation_resp } = notification;
  return (
    [obj_path, command_name, command_key, operation_resp.kind].join() === `${object},${command},${key},req_output_args`
  );
}

/** 1.61, 1.62: the CPE reboots, and what is asked afterwards is answered. */
const reboots =
  (send_resp: boolean, key: string): Case['run'] =>
  async (eut, metric) => {
    const { tester, cpe } = eut;
    const booted = cpe.waitFor('session-started', ({ events }) => events.some(({ code }) => code === '1 BOOT'));
    const body = { ...operate('Device.Reboot()', {}, key), send_resp };
    const msg_id = tester.send(body);
    if (send_resp) {
      const answer = await tester.until(
        'OperateResp',
        () => tester.unclaimed.find((msg) => msg.msg_id === msg_id)?.body,
      );
      if (answer.kind !== 'operate_resp') throw new Unmet('operate_resp', brief(answer));
      const [only, ...more] = answer.operation_results;
      const empty = only?.operation_resp.kind === 'req_output_args' && only.operation_resp.output_args.size === 0;
      metric(1, only?.executed_command === 'Device.Reboot()' && empty && more.length === 0, brief(answer));
    }
    await booted;
    const value = await tester.expect('get_resp', get('Device.DeviceInfo.SoftwareVersion'));
    metric(2, value.req_path_results[0]?.err_code === 0, brief(value));
    metric(2, cpe.rpcs.filter(({ method }) => method === 'Reboot').length === 1);
    if (!send_resp) metric(1, !tester.unclaimed.some((msg) => msg.msg_id === msg_id), 'it was answered');
  };

export const OPERATE = part([
  { id: '1.61', title: 'Reboot(), with an answer', cpe: true, alone: true, run: reboots(true, 'test61') },
  { id: '1.62', title: 'Reboot(), without one', cpe: true, alone: true, run: reboots(false, 'test62') },
  {
    id: '1.64',
    title: 'an asynchronous command, with an answer',
    run: async (eut, metric) => {
      await watchEnd(eut, TIMER);
      const request = await started(eut, TIMER, { DelaySeconds: '10' }, 'test64');
      metric(1, REQUEST.test(request), request);
      metric(2, await ended(eut, 13_000, 'Device.', 'ScheduleTimer()', 'test64'));
    },
  },
  {
    id: '1.65',
    title: 'an asynchronous command, without one',
    run: async (eut, metric) => {
      const { tester } = eut;
      await watchEnd(eut, TIMER);
      const msg_id = tester.send({ ...operate(TIMER, { DelaySeconds: '10' }, 'test65'), send_resp: false });
      const isRight = await ended(eut, 13_000, 'Device.', 'ScheduleTimer()', 'test65');
      metric(1, !tester.unclaimed.some((msg) => msg.msg_id === msg_id), 'it was answered');
      metric(2, isRight);
    },
  },
  {
    id: '1.79',
    title: 'a command with an argument',
    run: async (eut, metric) => {
      await watchEnd(eut, TIMER);
      const before = eut.clock.now();
      metric(1, REQUEST.test(await started(eut, TIMER, { DelaySeconds: '30' }, 'test79')));
      metric(2, await ended(eut, 35_000, 'Device.', 'ScheduleTimer()', 'test79'));
      metric(3, eut.clock.now() - before >= 30_000, 'too early');
    },
  },
  {
    id: '1.91',
    title: 'an argument that is not known is ignored',
    run: async (eut, metric) => {
      const args = { DelaySeconds: '10', InvalidArgument: '2' };
      metric(1, REQUEST.test(await started(eut, TIMER, args, '')));
      await eut.pass(12_000);
    },
  },
  {
    id: '1.92',
    title: 'arguments that are not given have their defaults',
    cpe: true,
    alone: { cpe: { dump: loadDump('home-router-tr181') } },
    run: async (eut, metric) => {
      const request = await started(eut, TRACE, { Host: '192.0.2.1', ProtocolVersion: 'Any' }, 'test92');
      metric(1, REQUEST.test(request), request);
      const sent = await eut.sent('SetParameterValues');
      const wanted = ['NumberOfTries=3', 'Timeout=5000', 'Host=192.0.2.1', 'DiagnosticsState=Requested'];
      // The packets are the CPE's; what it is told is what the gateway is answerable for.
      metric(
        2,
        wanted.every((one) => sent.some((value) => value.endsWith(`.${one}`))),
        sent.join(),
      );
    },
  },
  {
    id: '1.100',
    title: 'an argument that must be there is not',
    run: async (eut, metric) => {
      await watchEnd(eut, TIMER);
      const answer = await eut.tester.expect('operate_resp', operate(TIMER, {}, 'test100'));
      const response = answer.operation_results[0]?.operation_resp;
      metric(1, response?.kind === 'cmd_failure' && response.err_code === 7027, brief(answer));
      await eut.pass(120_000);
      metric(2, eut.tester.waiting.length === 0, 'a Notify came');
      const rows = resultOf(await eut.tester.expect('get_resp', get('Device.LocalAgent.Request.')));
      metric(3, !JSON.stringify(rows).includes('test100'), JSON.stringify(rows));
    },
  },
]);
