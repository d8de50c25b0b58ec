// What the gateway's own codec read, in the form of the second decoder: our unions (`kind`) as the oneofs of the schema.
import type { UspMsg } from '../../proxy/usp/msg.ts';
import type { UspRecord } from '../../proxy/usp/record.ts';

/** Properties whose union stands, in the schema, in a message of that name; all others' stands in the message around. */
const WRAPPED = new Set(['oper_status']);
/** A oneof's member that is no message. */
const BARE = new Set(['req_obj_path']);

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return Object.fromEntries(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => fieldsOf(name, inner)));
}

function fieldsOf(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (!isUnion(value)) return [[name, plain(value)]];
  const { kind, ...rest } = value;
  const member = [kind, BARE.has(kind) ? plain(value[kind]) : plain(rest)] as const;
  return WRAPPED.has(name) ? [[name, Object.fromEntries([member])]] : [member];
}

const isUnion = (value: unknown): value is Readonly<Record<string, unknown>> & { readonly kind: string } =>
  typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';

const MSG_TYPES: Readonly<Record<string, string>> = {
  get_supported_protocol: 'GET_SUPPORTED_PROTO',
  get_supported_protocol_resp: 'GET_SUPPORTED_PROTO_RESP',
};

export const plainRecord = (record: UspRecord): unknown => plain(record);

export function plainMsg({ msg_id, body }: UspMsg): unknown {
  const { kind, ...rest } = body;
  const header = { msg_id, msg_type: MSG_TYPES[kind] ?? kind.toUpperCase() };
  if (kind === 'error') return { header, body: { error: plain(rest) } };
  return { header, body: { [kind.endsWith('_resp') ? 'response' : 'request']: { [kind]: plain(rest) } } };
}
