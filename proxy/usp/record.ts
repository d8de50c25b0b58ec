// A USP Record: its types, and bytes ⇄ Record (TR-369 "USP Record Encapsulation").
import { codes } from './codes.ts';
import { planOf } from './plan.ts';
import { faultOf, type Fault } from './wire-fault.ts';
import { defaultLimits, read, type Fields, type Limits } from './wire-read.ts';
import { write } from './wire-write.ts';

/** The version of USP that Causeway writes into its Records. */
export const uspVersion = '1.4';

export interface UspRecord {
  readonly version: string;
  readonly to_id: string;
  readonly from_id: string;
  readonly payload_security: 'PLAINTEXT' | 'TLS12';
  readonly mac_signature: Uint8Array;
  /** PEM. */
  readonly sender_cert: Uint8Array;
  readonly record_type: RecordType;
}
export type RecordType =
  | NoSessionContextRecord
  | SessionContextRecord
  | WebSocketConnectRecord
  | MqttConnectRecord
  | StompConnectRecord
  | DisconnectRecord
  | UdsConnectRecord;

export interface NoSessionContextRecord {
  readonly kind: 'no_session_context';
  /** The bytes of a Msg; never empty in a good Record (R-E2E.26). */
  readonly payload: Uint8Array;
}
export interface SessionContextRecord {
  readonly kind: 'session_context';
  readonly session_id: bigint;
  readonly sequence_id: bigint;
  readonly expected_id: bigint;
  readonly retransmit_id: bigint;
  readonly payload_sar_state: PayloadSarState;
  readonly payloadrec_sar_state: PayloadSarState;
  readonly payload: readonly Uint8Array[];
}
export type PayloadSarState = 'NONE' | 'BEGIN' | 'INPROCESS' | 'COMPLETE';
export interface WebSocketConnectRecord {
  readonly kind: 'websocket_connect';
}
export interface MqttConnectRecord {
  readonly kind: 'mqtt_connect';
  readonly version: 'V3_1_1' | 'V5';
  readonly subscribed_topic: string;
}
export interface StompConnectRecord {
  readonly kind: 'stomp_connect';
  readonly version: 'V1_2';
  readonly subscribed_destination: string;
}
export interface DisconnectRecord {
  readonly kind: 'disconnect';
  readonly reason: string;
  readonly reason_code: number;
}
export interface UdsConnectRecord {
  readonly kind: 'uds_connect';
}

/** What an Error may still be sent for: the Record was whole, but for one value that we do not know (R-ENC.2, R-MTP.5). */
export interface Erroneous {
  readonly to_id: string;
  readonly from_id: string;
  readonly payload: Uint8Array;
}
export interface UnreadableRecord {
  readonly ok: false;
  readonly reason: Fault;
  /** For a log; it quotes nothing of the Record. */
  readonly detail: string;
  readonly code: typeof codes.recordNotParsed | typeof codes.invalidRecordValue;
  /** Undefined: the Record is to be discarded (R-ENC.4), or on a WebSocket the connection closed with 1003 (R-WS.16). */
  readonly erroneous: Erroneous | undefined;
}
export type DecodedRecord = { readonly ok: true; readonly record: UspRecord } | UnreadableRecord;

const recordPlan = planOf('usp-record-1-4', 'usp_record.Record');
const asRecord = (fields: Fields): UspRecord => fields as unknown as UspRecord;

function erroneousPart(bytes: Uint8Array, limits: Limits): Erroneous | undefined {
  try {
    const { to_id, from_id, record_type } = asRecord(read(recordPlan, bytes, limits, true));
    return record_type.kind === 'no_session_context' ? { to_id, from_id, payload: record_type.payload } : undefined;
  } catch (cause) {
    faultOf(cause);
    return undefined;
  }
}

/**
 * Never throws on any bytes. An absent Required field is read as '' (or 0, or no bytes): whether that is to_id or
 * from_id is for the endpoint to judge. Bytes in the Record are views of `bytes`.
 */
export function decodeRecord(bytes: Uint8Array, limits: Limits = defaultLimits): DecodedRecord {
  try {
    return { ok: true, record: asRecord(read(recordPlan, bytes, limits)) };
  } catch (cause) {
    const { fault, detail } = faultOf(cause);
    const unknownValue = fault === 'unknown-enum';
    return {
      ok: false,
      reason: fault,
      detail,
      code: unknownValue ? codes.invalidRecordValue : codes.recordNotParsed,
      erroneous: unknownValue ? erroneousPart(bytes, limits) : undefined,
    };
  }
}

/** Writes every Required field, whatever its value (R-MTP.4b). */
export function encodeRecord(record: UspRecord): Uint8Array {
  return write(recordPlan, record);
}

const noBytes = new Uint8Array();

/** A Record as Causeway sends it: in plain text, not signed. */
export function plainRecord(to_id: string, from_id: string, record_type: RecordType): UspRecord {
  return {
    version: uspVersion,
    to_id,
    from_id,
    payload_security: 'PLAINTEXT',
    mac_signature: noBytes,
    sender_cert: noBytes,
    record_type,
  };
}
