// The URL of a dial: what the row says, and the Agent's Endpoint ID (R-WS.10b). Pure.
import { isIPv6 } from 'node:net';
import type { DialTarget } from '../../agent/local-agent/dial-targets.ts';
import { encodeEid } from '../../usp/eid.ts';

/** Nothing that would end the host's part of a URL. */
const HOST = /^[A-Za-z0-9._-]+$/;

/**
 * Undefined when Host or Path makes none. The host of the result is the one that will be dialled: a number that stands for
 * an address (`0x7f.1`) has become that address.
 */
export function dialUrl({ host, port, path, encrypted, agent }: DialTarget): URL | undefined {
  const name = isIPv6(host) ? `[${host}]` : HOST.test(host) ? host : undefined;
  const base = `${encrypted ? 'wss' : 'ws'}://${name ?? ''}${port === undefined ? '' : `:${port}`}`;
  if (name === undefined || !URL.canParse(base)) return undefined;
  const mark = path.indexOf('?');
  const url = new URL(base);
  url.pathname = mark < 0 ? path : path.slice(0, mark);
  const query = mark < 0 ? '' : `${path.slice(mark + 1)}&`;
  url.search = `${query}eid=${encodeEid(agent)}`;
  return url;
}

/** Without brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

export const portOf = (url: URL): number => Number(url.port === '' ? (url.protocol === 'wss:' ? 443 : 80) : url.port);
