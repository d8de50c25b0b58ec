// What tests of the Agent on a whole gateway share: a Subscription, and Notifies one after another.
import type { Controller, ReceivedNotify } from '../../proxy/cli/usp/controller.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import type { Notification } from '../../proxy/usp/messages/notify.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { add, create, type Values } from '../agent/requests.ts';
import { agentOf } from './harness.ts';

export const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';

export const subscription = (values: Values): UspBody => add(create(SUBSCRIPTIONS, { Enable: 'true', ...values }));

/** Subscribes to values; resolves when the CPE was told to report them. */
export async function watch(controller: Controller, cpe: Cpe, values: Values): Promise<UspBody> {
  const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
  const answer = await controller.request(agentOf(cpe), subscription({ NotifType: 'ValueChange', ...values }));
  await armed;
  return answer;
}

/** Notifies in the order in which they came, each taken once. */
export class Inbox {
  readonly #come: ReceivedNotify[] = [];
  #taker: ((notify: ReceivedNotify) => void) | undefined;

  constructor(controller: Controller) {
    controller.onNotify((notify) => {
      const taker = this.#taker;
      this.#taker = undefined;
      if (taker === undefined) this.#come.push(notify);
      else taker(notify);
    });
  }

  /** Those that have come and were not taken. */
  get waiting(): number {
    return this.#come.length;
  }

  next(): Promise<ReceivedNotify> {
    const first = this.#come.shift();
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  async nextNotification(): Promise<Notification> {
    return (await this.next()).notify.notification;
  }
}
