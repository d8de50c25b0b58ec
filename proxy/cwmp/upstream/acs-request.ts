// What the ACS asks of a CPE, as far as it changes what the ACS is to see later: the ParameterKey that it sets, and the
// parameters of which it wants to be told. It counts once the CPE has answered with success. Pure.
import type { UpstreamRecord } from '../../store/upstream-steps.ts';
import { childNamed, messageIn, type Part, readParts, textOf } from './parts.ts';

export interface AcsRequest {
  /** The element in the Body: `SetParameterValues`, `InformResponse`, `Fault` … */
  readonly name: string;
  readonly ParameterKey?: string;
  readonly notifications?: readonly Notification[];
  readonly holdsRequests: boolean;
}
interface Notification {
  readonly path: string;
  readonly wanted: boolean;
}

const KEYED: ReadonlySet<string> = new Set(['SetParameterValues', 'AddObject', 'DeleteObject']);
/** An ACS that watches more is told of everything: nothing is kept back any more. */
const MOST_WATCHED = 256;
const EVERYTHING: readonly string[] = ['Device.', 'InternetGatewayDevice.'];

/** Undefined for what is no SOAP envelope. `text`: the body as Latin-1. */
export function readAcsMessage(text: string): AcsRequest | undefined {
  const root = readParts(text);
  const message = messageIn(root);
  if (message === undefined) return undefined;
  const { name } = message;
  const holdsRequests = /^(1|true)$/i.test(textOf(text, childNamed(root, 'Header'), 'HoldRequests'));
  if (KEYED.has(name)) {
    const ParameterKey = Buffer.from(textOf(text, message, 'ParameterKey'), 'latin1').toString('utf8');
    return { name, holdsRequests, ParameterKey };
  }
  if (name === 'SetParameterAttributes') {
    const structs = childNamed(message, 'ParameterList')?.parts ?? [];
    return { name, holdsRequests, notifications: structs.flatMap((struct) => notificationIn(text, struct)) };
  }
  return { name, holdsRequests };
}

function notificationIn(text: string, struct: Part): readonly Notification[] {
  if (!/^(1|true)$/i.test(textOf(text, struct, 'NotificationChange'))) return [];
  return [{ path: textOf(text, struct, 'Name'), wanted: Number(textOf(text, struct, 'Notification')) > 0 }];
}

/** What holds after the CPE has done it; the same object where nothing changes. */
export function afterDone(upstream: UpstreamRecord, request: AcsRequest): UpstreamRecord {
  const { ParameterKey = upstream.ParameterKey, notifications = [] } = request;
  if (ParameterKey === upstream.ParameterKey && notifications.length === 0) return upstream;
  const watched = new Set(upstream.watched);
  for (const { path, wanted } of notifications) {
    if (wanted) watched.add(path);
    else for (const one of upstream.watched) if (one === path || one.startsWith(path)) watched.delete(one);
  }
  return { ...upstream, ParameterKey, watched: watched.size > MOST_WATCHED ? EVERYTHING : [...watched] };
}
