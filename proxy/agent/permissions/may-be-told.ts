// Whether the Recipient of a Subscription may be told of what it is to be told (facts: usp-agent-requirements §7): asked when
// it happens, whatever it might when it subscribed (TP-469 2.20).
import { parentOf } from '../../path/concrete.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import type { Told } from '../subscriptions/notify-row.ts';
import { type Rights, rightsOf } from './rights.ts';

/** Last words to a Controller that is gone, and OnBoardRequests, which no Subscription wants, are always told. */
export function mayBeTold(local: LocalAgent, told: Told): boolean {
  if (told.kind !== 'subscription') return true;
  const rights = rightsOf(local, told.subscription.controller['EndpointID'] ?? '');
  return allows(rights, told.notification);
}

function allows(rights: Rights, notification: Notification): boolean {
  switch (notification.kind) {
    case 'value_change':
      return rights.param(notification.param_path).n;
    case 'obj_creation':
      return rights.object(parentOf(notification.obj_path)).n;
    case 'obj_deletion':
      return rights.instance(notification.obj_path).n;
    case 'event':
      return rights.command(notification.obj_path + notification.event_name).n;
    case 'oper_complete':
      return rights.command(notification.obj_path + notification.command_name).n;
    case 'on_board_req':
      return true;
  }
}
