// A CPE that takes no time for its tests, a Controller that hears of every command, and what it is told.
import type { Controller } from '../../proxy/cli/usp/controller.ts';
import type { OperationComplete } from '../../proxy/usp/messages/notify.ts';
import type { OperateResp } from '../../proxy/usp/messages/operate.ts';
import { operate, type Values } from '../agent/requests.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { agentOf, type Harness } from './harness.ts';
import { Inbox, subscription } from './north-agent-tools.ts';

export const PING = 'Device.IP.Diagnostics.IPPing()';
export const PING_ARGS: Values = {
  Host: 'host.example.net',
  ProtocolVersion: 'Any',
  NumberOfRepetitions: '3',
  Timeout: '1000',
  DataBlockSize: '64',
};
export const REQUESTS = 'Device.LocalAgent.Request.';

export interface Commanded {
  readonly cpe: Cpe;
  readonly controller: Controller;
  readonly inbox: Inbox;
  readonly operate: (
    command: string,
    args?: Values,
    key?: string,
  ) => Promise<OperateResp['operation_results'][number] | undefined>;
  readonly complete: () => Promise<OperationComplete>;
}

export async function commanded(harness: Harness, options: Partial<CpeOptions> = {}): Promise<Commanded> {
  const cpe = await knownCpe(harness, { dump: loadDump('home-router-tr181'), ...options });
  const controller = await harness.controller();
  const inbox = new Inbox(controller);
  await controller.request(
    agentOf(cpe),
    subscription({ ID: 'all', NotifType: 'OperationComplete', ReferenceList: 'Device.', Persistent: 'true' }),
  );
  return {
    cpe,
    controller,
    inbox,
    async operate(command, args, key) {
      const answer = await controller.request(agentOf(cpe), operate(command, args, key));
      if (answer.kind !== 'operate_resp') throw new Error(JSON.stringify(answer));
      return answer.operation_results[0];
    },
    async complete() {
      const notification = await inbox.nextNotification();
      if (notification.kind !== 'oper_complete') throw new Error(JSON.stringify(notification));
      return notification;
    },
  };
}
