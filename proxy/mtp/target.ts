// What a WebSocket's request target names: all Agents, or one. Pure.
import { decodeEid } from '../usp/eid.ts';

export interface Target {
  /** Endpoint ID of the Agent; undefined for all of them. */
  readonly agent: string | undefined;
  /** What follows the question mark, not decoded. */
  readonly query: string;
}

const PREFIX = '/usp/';
const OPS = 'ops::';

/** `/usp` or `/usp/<agent>`; the agent as Endpoint ID, or as device id. Undefined for every other target. */
export function targetOf(url: string): Target | undefined {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  if (path === '/usp' || path === PREFIX) return { agent: undefined, query };
  if (!path.startsWith(PREFIX)) return undefined;
  const name = path.slice(PREFIX.length);
  const agent = decodeEid(name) ?? decodeEid(OPS + name);
  return agent === undefined ? undefined : { agent, query };
}

/** The tenant that the operator names; undefined where none is. */
export const tenantOfQuery = (query: string): string | undefined =>
  new URLSearchParams(query).get('tenant') ?? undefined;
