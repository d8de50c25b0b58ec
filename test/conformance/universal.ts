// The four metrics that hold in every case of the plan, checked on every Record that goes by: Endpoint IDs are valid, bytes
// are what the schemas say, paths keep the grammar, and an Agent names instances by number only (R-MSG.3).
import { isDeepStrictEqual } from 'node:util';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import { decodeRecord, type UspRecord } from '../../proxy/usp/record.ts';
import { plainMsg, plainRecord } from './plain-form.ts';
import { type Decoded, secondDecode } from './second-decoder.ts';

const ENDPOINT_ID =
  /^(?:oui|cid|pen|self|user|os|ops|uuid|imei|proto|doc|fqdn):[\w.-]*:(?:[\w.-]|%[0-9A-Fa-f]{2}){1,50}$/;
const OBJECT = /^Device\.(?:[A-Za-z_][\w-]*\.|[1-9]\d*\.)*$/;
const PARAMETER = /^Device\.(?:[A-Za-z_][\w-]*\.|[1-9]\d*\.)*[A-Za-z_][\w-]*$/;
const COMMAND = /^Device\.(?:[A-Za-z_][\w-]*\.|[1-9]\d*\.)*[A-Za-z_][\w-]*\(\)$/;
const SUPPORTED = /^Device\.(?:[A-Za-z_][\w-]*\.|\{i\}\.)*$/;
const NAME = /^[A-Za-z_][\w-]*$/;

/** What an Agent says of its own, by the name of the field; `requested_path` is the Controller's own text. */
const PATHS: Readonly<Record<string, RegExp>> = {
  resolved_path: OBJECT,
  instantiated_path: OBJECT,
  affected_path: OBJECT,
  affected_paths: OBJECT,
  unaffected_path: OBJECT,
  instantiated_obj_path: OBJECT,
  obj_path: OBJECT,
  req_obj_path: OBJECT,
  supported_obj_path: SUPPORTED,
  executed_command: COMMAND,
  command_name: /^[A-Za-z_][\w-]*\(\)$/,
  event_name: /^[A-Za-z_][\w-]*!$/,
  param_name: NAME,
};
/** Maps whose keys are relative paths. */
const RELATIVE = new Set(['result_params', 'updated_params', 'unique_keys']);

function* badPaths(value: unknown, name = ''): Generator<string> {
  if (typeof value === 'string') {
    if (PATHS[name]?.test(value) === false) yield `${name} ${value}`;
  } else if (Array.isArray(value)) {
    for (const item of value) yield* badPaths(item, name);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (RELATIVE.has(name) && !NAME.test(key)) yield `key ${key} in ${name}`;
      // Of a ValueChange it is a parameter; in an Error it is what failed, and may be as it was asked.
      if (key === 'value_change') yield* badParameter(inner);
      // Of GetSupportedDM it is the Controller's own text.
      const isAsked = key === 'req_obj_path' && 'supported_objs' in value;
      if (!RELATIVE.has(name) && !isAsked) yield* badPaths(inner, key);
    }
  }
}

function* badParameter(change: unknown): Generator<string> {
  // In GetSupportedDM it is a word.
  if (typeof change !== 'object' || change === null) return;
  const path = 'param_path' in change ? change.param_path : undefined;
  if (typeof path !== 'string' || !PARAMETER.test(path)) yield `param_path ${JSON.stringify(path)}`;
}

/** What both decoders make of the bytes, where they differ. */
function* disagreements(bytes: Uint8Array, { record, msg }: Decoded): Generator<string> {
  const ours = decodeRecord(bytes);
  if (!ours.ok) {
    yield `our decoder does not read the Record: ${ours.detail}`;
    return;
  }
  if (!isDeepStrictEqual(plainRecord(ours.record), record)) yield 'the two decoders differ on the Record';
  const payload = wholePayload(ours.record);
  if (payload === undefined || msg === undefined) return;
  const inner = decodeMsg(payload);
  if (!inner.ok) yield `our decoder does not read the Msg: ${inner.detail}`;
  else if (!isDeepStrictEqual(plainMsg(inner.msg), msg)) yield `the two decoders differ on ${JSON.stringify(msg)}`;
}

/** The Msg of a Record that carries one and no segment of one. */
export function wholePayload({ record_type }: UspRecord): Uint8Array | undefined {
  if (record_type.kind === 'no_session_context') return record_type.payload;
  if (record_type.kind !== 'session_context' || record_type.payload_sar_state !== 'NONE') return undefined;
  return record_type.payload[0];
}

export type Direction = 'from the Agent' | 'from the Controller';

/** What is wrong with a Record; nothing, as a rule. */
export function universalFaults(bytes: Uint8Array, direction: Direction): readonly string[] {
  let decoded: Decoded;
  try {
    decoded = secondDecode(bytes);
  } catch (error) {
    return [`no valid Record: ${String(error)}`];
  }
  const { record, msg } = decoded;
  const faults = [...disagreements(bytes, decoded)];
  for (const name of ['to_id', 'from_id']) {
    const id = JSON.stringify(record[name]).slice(1, -1);
    if (!ENDPOINT_ID.test(id)) faults.push(`${name} ${id} is no Endpoint ID`);
  }
  if (direction === 'from the Controller') return faults;
  const version = JSON.stringify(record['version']);
  if (!/^"1\.\d+"$/.test(version)) faults.push(`version ${version}`);
  if (msg !== undefined) faults.push(...badPaths(msg));
  return faults;
}
