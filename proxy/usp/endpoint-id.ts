// Endpoint IDs (TR-369 "Endpoint Identifier"): authority-scheme ":" [authority-id] ":" instance-id.

const schemes = ['oui', 'cid', 'pen', 'self', 'user', 'os', 'ops', 'uuid', 'imei', 'proto', 'doc', 'fqdn'] as const;
export type AuthorityScheme = (typeof schemes)[number];

export interface EndpointId {
  readonly scheme: AuthorityScheme;
  readonly authorityId: string;
  /** Still percent-encoded. */
  readonly instanceId: string;
}
export type EndpointIdFault =
  /** Not three parts between two colons. */
  | 'not-an-endpoint-id'
  | 'unknown-scheme'
  /** Not what the scheme asks for (R-ARC.2a). */
  | 'bad-authority-id'
  /** Empty, or a character that should be percent-encoded (R-ARC.5). */
  | 'bad-instance-id'
  /** Over 50 characters (R-ARC.6). */
  | 'instance-id-too-long';
export type ParsedEndpointId =
  { readonly ok: true; readonly id: EndpointId } | { readonly ok: false; readonly reason: EndpointIdFault };

export const longestInstanceId = 50;

const noAuthority = /^$/;
const shortAuthority = /^[A-Za-z0-9._-]{0,6}$/;
const authorityOf: Readonly<Record<AuthorityScheme, RegExp>> = {
  oui: /^(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{7}|[0-9A-Fa-f]{9})$/,
  cid: /^[0-9A-Fa-f]{6}$/,
  pen: /^[0-9]{1,10}$/,
  self: shortAuthority,
  user: shortAuthority,
  os: noAuthority,
  ops: noAuthority,
  uuid: noAuthority,
  imei: noAuthority,
  proto: /^[A-Za-z0-9_-]{0,6}$/,
  doc: shortAuthority,
  fqdn: noAuthority,
};
const instanceId = /^(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+$/;

const isScheme = (text: string): text is AuthorityScheme => (schemes as readonly string[]).includes(text);

/** Checks what R-ARC.2a, R-ARC.5 and R-ARC.6 say of the characters; what an instance-id means is its authority's affair. */
export function parseEndpointId(text: string): ParsedEndpointId {
  const refuse = (reason: EndpointIdFault): ParsedEndpointId => ({ ok: false, reason });
  const [scheme, authorityId, instance, ...more] = text.split(':', 4);
  if (scheme === undefined || authorityId === undefined || instance === undefined || more.length > 0) {
    return refuse('not-an-endpoint-id');
  }
  if (!isScheme(scheme)) return refuse('unknown-scheme');
  if (!authorityOf[scheme].test(authorityId)) return refuse('bad-authority-id');
  if (instance.length > longestInstanceId) return refuse('instance-id-too-long');
  if (!instanceId.test(instance)) return refuse('bad-instance-id');
  return { ok: true, id: { scheme, authorityId, instanceId: instance } };
}

export const isEndpointId = (text: string): boolean => parseEndpointId(text).ok;
