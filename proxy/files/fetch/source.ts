// Where a file for a CPE may be fetched from: a URL that a Controller gave, judged before anything is sent. Pure.
import type { HostPolicy, HostRefusal } from '../../access/hosts.ts';

export type SourceFault =
  | HostRefusal
  /** No URL of http or https. */
  | 'bad-url'
  /** A user name or password in the URL: they would be shown wherever the URL is. */
  | 'credentials-in-url';

export type Source = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly reason: SourceFault };

const PORTS: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['https:', 443],
]);

export const portOf = ({ port, protocol }: URL): number => (port === '' ? (PORTS.get(protocol) ?? 0) : Number(port));
/** Without the brackets of an IPv6 address. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** `base`: the URL that led here, where it was a redirection. */
export function sourceOf(text: string, policy: HostPolicy, base?: URL): Source {
  if (!URL.canParse(text, base?.href)) return { ok: false, reason: 'bad-url' };
  const url = new URL(text, base?.href);
  if (!PORTS.has(url.protocol)) return { ok: false, reason: 'bad-url' };
  if (url.username !== '' || url.password !== '') return { ok: false, reason: 'credentials-in-url' };
  const reason = policy.judge(hostOf(url), portOf(url));
  return reason === undefined ? { ok: true, url } : { ok: false, reason };
}

/** Sent with what goes to the server that the credentials were given for, and to no other. */
export const isSameServer = (one: URL, other: URL): boolean => one.origin === other.origin;
