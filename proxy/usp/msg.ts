// A USP Msg as Causeway's code sees it. msg-codec.ts makes bytes of it.
import type { AddRequest, AddResp } from './messages/add.ts';
import type { DeleteRequest, DeleteResp } from './messages/delete.ts';
import type { ErrorMsg } from './messages/error.ts';
import type { GetInstancesRequest, GetInstancesResp } from './messages/get-instances.ts';
import type { GetSupportedDmRequest, GetSupportedDmResp } from './messages/get-supported-dm.ts';
import type { GetSupportedProtocolRequest, GetSupportedProtocolResp } from './messages/get-supported-protocol.ts';
import type { GetRequest, GetResp } from './messages/get.ts';
import type { NotifyRequest, NotifyResp } from './messages/notify.ts';
import type { OperateRequest, OperateResp } from './messages/operate.ts';
import type { DeregisterRequest, DeregisterResp, RegisterRequest, RegisterResp } from './messages/register.ts';
import type { SetRequest, SetResp } from './messages/set.ts';

export type UspRequest =
  | GetRequest
  | GetInstancesRequest
  | GetSupportedDmRequest
  | GetSupportedProtocolRequest
  | SetRequest
  | AddRequest
  | DeleteRequest
  | OperateRequest
  | NotifyRequest
  | RegisterRequest
  | DeregisterRequest;
export type UspResponse =
  | GetResp
  | GetInstancesResp
  | GetSupportedDmResp
  | GetSupportedProtocolResp
  | SetResp
  | AddResp
  | DeleteResp
  | OperateResp
  | NotifyResp
  | RegisterResp
  | DeregisterResp;
export type UspBody = UspRequest | UspResponse | ErrorMsg;
export type RequestKind = UspRequest['kind'];

export interface UspMsg {
  /** Chosen by the sender of a request, repeated in its answer (R-MSG.9). */
  readonly msg_id: string;
  readonly body: UspBody;
}

/** `BodyOf<'get_resp'>` is GetResp. */
export type BodyOf<K extends UspBody['kind']> = Extract<UspBody, { readonly kind: K }>;
