// Bytes ⇄ Msg, and what may be answered to bytes that are none.
import protobuf from 'protobufjs';
import { codes } from './codes.ts';
import type { UspBody, UspMsg } from './msg.ts';
import { nestedIn, planOf } from './plan.ts';
import { faultOf, type Fault } from './wire-fault.ts';
import { defaultLimits, read, type Fields, type Limits } from './wire-read.ts';
import { write } from './wire-write.ts';

/** Header.msg_type: for information only when read, the body decides (R-MSG.10); right when written. */
const msgTypes: Readonly<Record<UspBody['kind'], string>> = {
  error: 'ERROR',
  get: 'GET',
  get_resp: 'GET_RESP',
  notify: 'NOTIFY',
  set: 'SET',
  set_resp: 'SET_RESP',
  operate: 'OPERATE',
  operate_resp: 'OPERATE_RESP',
  add: 'ADD',
  add_resp: 'ADD_RESP',
  delete: 'DELETE',
  delete_resp: 'DELETE_RESP',
  get_supported_dm: 'GET_SUPPORTED_DM',
  get_supported_dm_resp: 'GET_SUPPORTED_DM_RESP',
  get_instances: 'GET_INSTANCES',
  get_instances_resp: 'GET_INSTANCES_RESP',
  notify_resp: 'NOTIFY_RESP',
  get_supported_protocol: 'GET_SUPPORTED_PROTO',
  get_supported_protocol_resp: 'GET_SUPPORTED_PROTO_RESP',
  register: 'REGISTER',
  register_resp: 'REGISTER_RESP',
  deregister: 'DEREGISTER',
  deregister_resp: 'DEREGISTER_RESP',
};

const msgPlan = planOf('usp-msg-1-4', 'usp.Msg');
const headerField = nestedIn(msgPlan, 'header');
const bodyField = nestedIn(msgPlan, 'body');
const requestField = nestedIn(bodyField.message, 'request');

/** The code of the Error that answers each fault. */
const codeOfFault: Readonly<Record<Fault, number>> = {
  malformed: codes.invalidArguments,
  missing: codes.invalidArguments, // R-ENC.5
  ambiguous: codes.invalidArguments, // R-ENC.5
  'unknown-member': codes.messageNotSupported, // R-MSG.1
  'unknown-enum': codes.invalidArguments, // R-ENC.2
  'too-large': codes.resourcesExceeded,
};

/** An Error is owed only when `request` is true and `msg_id` could be read (R-MTP.5); all else is ignored. */
export interface UnreadableMsg {
  readonly ok: false;
  readonly reason: Fault;
  /** For a log or the err_msg; it quotes nothing of the message. */
  readonly detail: string;
  /** The err_code of that Error. */
  readonly code: number;
  readonly msg_id: string | undefined;
  readonly request: boolean;
}
export type DecodedMsg = { readonly ok: true; readonly msg: UspMsg } | UnreadableMsg;

/** Whom to answer, as far as a broken Msg can still tell: what stood before the place where it broke. */
function salvage(bytes: Uint8Array, limits: Limits): Pick<UnreadableMsg, 'msg_id' | 'request'> {
  let msg_id: string | undefined;
  let request = false;
  try {
    const reader = protobuf.Reader.create(bytes);
    while (reader.pos < reader.len) {
      const tag = reader.tag();
      if (tag === headerField.tag) {
        const header = read(headerField.message, reader.bytes(), limits, true) as unknown as { msg_id: string };
        msg_id = header.msg_id === '' ? undefined : header.msg_id;
      } else if (tag === bodyField.tag) {
        const length = reader.size();
        request = length > 0 && bytes[reader.pos] === requestField.tag;
        reader.skip(length);
      } else reader.skipType(tag & 7, 0, tag >>> 3);
    }
  } catch (cause) {
    faultOf(cause);
  }
  return { msg_id, request };
}

/** A newer peer's message breaks two rules: its msg_type and its body are unknown. The second says more. */
function worstFault(cause: unknown, bytes: Uint8Array, limits: Limits): ReturnType<typeof faultOf> {
  const first = faultOf(cause);
  if (first.fault !== 'unknown-enum') return first;
  try {
    read(msgPlan, bytes, limits, true);
    return first;
  } catch (second) {
    return faultOf(second);
  }
}

/** Never throws on any bytes. */
export function decodeMsg(bytes: Uint8Array, limits: Limits = defaultLimits): DecodedMsg {
  const refuse = (reason: Fault, detail: string): UnreadableMsg => ({
    ok: false,
    reason,
    detail,
    code: codeOfFault[reason],
    ...salvage(bytes, limits),
  });
  let fields: Fields;
  try {
    fields = read(msgPlan, bytes, limits);
  } catch (cause) {
    const { fault, detail } = worstFault(cause, bytes, limits);
    return refuse(fault, detail);
  }
  const { header, body } = fields as unknown as { header: { msg_id: string }; body: UspBody };
  if (header.msg_id === '') return refuse('missing', 'usp.Header.msg_id is not there'); // R-MSG.8
  return { ok: true, msg: { msg_id: header.msg_id, body } };
}

export function encodeMsg({ msg_id, body }: UspMsg): Uint8Array {
  return write(msgPlan, { header: { msg_id, msg_type: msgTypes[body.kind] }, body });
}
