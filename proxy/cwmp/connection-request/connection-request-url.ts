// The ConnectionRequestURL as a CPE reports it, and the target it names. Pure.

export interface ConnectionRequestTarget {
  readonly secure: boolean;
  /** A name or a literal address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** For the Host header: with the port unless it is the scheme's own. */
  readonly host: string;
  /** The request target, which is also Digest's uri: path and query. */
  readonly path: string;
}

export type UrlProblem = 'not-a-url' | 'not-http' | 'port-zero' | 'too-long';

export const urlProblems: Readonly<Record<UrlProblem, string>> = {
  'not-a-url': 'it cannot be read as a URL',
  'not-http': 'it is neither http nor https',
  'port-zero': 'its port is 0: the CPE was not listening yet',
  'too-long': 'it is longer than 2,048 characters',
};

/** TR-181 gives ConnectionRequestURL 256 characters; CPEs do not count. */
const LONGEST_URL = 2048;

/** User name, password and fragment in the URL are dropped: credentials come from our own settings. */
export function parseConnectionRequestUrl(
  text: string,
):
  | { readonly ok: true; readonly target: ConnectionRequestTarget }
  | { readonly ok: false; readonly problem: UrlProblem } {
  if (text.length > LONGEST_URL) return { ok: false, problem: 'too-long' };
  if (!URL.canParse(text)) return { ok: false, problem: 'not-a-url' };
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { ok: false, problem: 'not-http' };
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (port === 0) return { ok: false, problem: 'port-zero' };
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return { ok: true, target: { secure, hostname, port, host: url.host, path: url.pathname + url.search } };
}
