// Notify: what happened, from the Agent to a Controller that subscribed.
import type { CommandFailure, OutputArgs } from './operate.ts';

export interface NotifyRequest {
  readonly kind: 'notify';
  /** The ID of the Subscription, '' for an OnBoardRequest (R-NOT.7). */
  readonly subscription_id: string;
  readonly send_resp: boolean;
  readonly notification: Notification;
}
export type Notification =
  EventNotification | ValueChange | ObjectCreation | ObjectDeletion | OperationComplete | OnBoardRequest;

export interface EventNotification {
  readonly kind: 'event';
  readonly obj_path: string;
  /** With its `!`. */
  readonly event_name: string;
  readonly params: ReadonlyMap<string, string>;
}
export interface ValueChange {
  readonly kind: 'value_change';
  readonly param_path: string;
  readonly param_value: string;
}
export interface ObjectCreation {
  readonly kind: 'obj_creation';
  readonly obj_path: string;
  readonly unique_keys: ReadonlyMap<string, string>;
}
export interface ObjectDeletion {
  readonly kind: 'obj_deletion';
  readonly obj_path: string;
}
export interface OperationComplete {
  readonly kind: 'oper_complete';
  readonly obj_path: string;
  /** With its `()`. */
  readonly command_name: string;
  readonly command_key: string;
  readonly operation_resp: OutputArgs | CommandFailure;
}
export interface OnBoardRequest {
  readonly kind: 'on_board_req';
  readonly oui: string;
  readonly product_class: string;
  readonly serial_number: string;
  readonly agent_supported_protocol_versions: string;
}

export interface NotifyResp {
  readonly kind: 'notify_resp';
  /** To be ignored: a NotifyResp is matched by msg_id (R-NOT.9). */
  readonly subscription_id: string;
}
