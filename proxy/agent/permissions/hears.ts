// Whether a Recipient may be told something: asked when it is told, not when it subscribed (TP-469 2.20).
import { parentOf } from '../../path/concrete.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import type { Rights } from './rights.ts';

export function mayHear(rights: Rights, notification: Notification): boolean {
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
