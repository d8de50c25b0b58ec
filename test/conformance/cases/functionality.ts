// TP-469 chapter 9.
import { add, create, operate } from '../../agent/requests.ts';
import { part } from '../case.ts';
import { SUBSCRIPTIONS } from '../eut.ts';
import { startDialled } from '../dialled.ts';
import { brief } from '../tester.ts';
import { madeRow } from './tools.ts';
import { ended, started, watchEnd } from './operate.ts';

const TIMER = 'Device.ScheduleTimer()';

export const FUNCTIONALITY = part([
  {
    id: '9.9',
    title: 'a Controller is added, and asked on board',
    run: async (eut, metric) => {
      const dialled = await startDialled(eut);
      await dialled.invite();
      const { tester } = await dialled.next();
      await tester.fence();
      metric(1, true);
      await eut.tester.expect('operate_resp', operate(`${dialled.row}SendOnBoardRequest()`));
      const { notification } = await tester.notify(({ notification: { kind } }) => kind === 'on_board_req');
      metric(2, notification.kind === 'on_board_req');
    },
  },
  {
    id: '9.10',
    title: 'Boot! with a ParameterMap',
    cpe: true,
    alone: true,
    run: async (eut, metric) => {
      const name = 'Device.DeviceInfo.BootFirmwareImage';
      const body = add(
        create(SUBSCRIPTIONS, { NotifType: 'Event', ReferenceList: 'Device.Boot!', Enable: 'true' }),
        create(`${eut.me}BootParameter.`, { Enable: 'true', ParameterName: name }),
      );
      const { created_obj_results } = await eut.tester.expect('add_resp', body);
      created_obj_results.forEach((result) => madeRow(result));
      await eut.tester.expect('operate_resp', operate('Device.Reboot()'));
      const { notification } = await eut.tester.notify();
      const map = notification.kind === 'event' ? notification.params.get('ParameterMap') : undefined;
      metric(1, (map ?? '').includes(`"${name}"`) && (map ?? '').includes('FirmwareImage.1'), map);
    },
  },
  {
    id: '9.11',
    title: 'ScheduleTimer()',
    run: async (eut, metric) => {
      await watchEnd(eut, TIMER);
      const request = await started(eut, TIMER, { DelaySeconds: '60' }, 'test911');
      metric(1, request !== '', brief(operate(TIMER)));
      metric(2, await ended(eut, 66_000, 'Device.', 'ScheduleTimer()', 'test911'));
    },
  },
]);
