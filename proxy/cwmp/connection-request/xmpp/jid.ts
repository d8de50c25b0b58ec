// Jabber IDs as far as a Connection Request needs them: local part, domain and resource, compared as servers do that
// prepare them (RFC 7622: local part and domain without regard to case, the resource exactly). Pure.

export interface Jid {
  readonly local: string;
  readonly domain: string;
  /** '' in a bare one. */
  readonly resource: string;
}

export type JidProblem = 'not-a-jid' | 'no-resource';

export const jidProblems: Readonly<Record<JidProblem, string>> = {
  'not-a-jid': 'it is no Jabber ID (user@domain/resource)',
  'no-resource': 'it has no resource, so that its server would answer in its place (TR-069 Annex K wants a full one)',
};

/** RFC 7622 §3.1: each part has at most 1,023 octets. */
const PART_BYTES = 1023;
/** Excluded of a local part (RFC 7622 §3.3.1), and nowhere what a line of text cannot hold. */
const LOCAL = /^[^\s"&'/:<>@\p{C}]+$/u;
const DOMAIN = /^[\p{L}\p{N}.\-_[\]:]+$/u;
const RESOURCE = /^[^\p{C}]+$/u;

const fits = (part: string, form: RegExp): boolean => form.test(part) && Buffer.byteLength(part) <= PART_BYTES;

/** Undefined when the text is no Jabber ID of a user. */
export function parseJid(text: string): Jid | undefined {
  const [, local = '', domain = '', resource] = /^([^@/]*)@([^@/]*)(?:\/(.*))?$/su.exec(text.trim()) ?? [];
  if (!fits(local, LOCAL) || !fits(domain, DOMAIN)) return undefined;
  if (resource !== undefined && !fits(resource, RESOURCE)) return undefined;
  return { local: local.toLowerCase(), domain: domain.toLowerCase(), resource: resource ?? '' };
}

/** ManagementServer.ConnReqJabberID as a CPE reports it: a full one. */
export function parseFullJid(
  text: string,
): { readonly ok: true; readonly jid: Jid } | { readonly ok: false; readonly problem: JidProblem } {
  const jid = parseJid(text);
  if (jid === undefined) return { ok: false, problem: 'not-a-jid' };
  return jid.resource === '' ? { ok: false, problem: 'no-resource' } : { ok: true, jid };
}

export const formatJid = ({ local, domain, resource }: Jid): string =>
  resource === '' ? `${local}@${domain}` : `${local}@${domain}/${resource}`;

/** One spelling of a sender: a Jabber ID of a user, or of a server; '' when there is none. */
export function spellingOf(from: string | undefined): string {
  if (from === undefined) return '';
  const jid = parseJid(from);
  return jid === undefined ? from.toLowerCase() : formatJid(jid);
}
