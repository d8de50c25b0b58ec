// Where an Agent opens WebSockets by itself (R-WS.5): its enabled Controllers that have an enabled MTP of Protocol WebSocket
// and a Host. Pure.
import type { DeviceKey } from '../../store/store.ts';
import { rowOf } from '../../path/concrete.ts';
import { CONTROLLER_TABLE } from './controller/controller-table.ts';
import type { LocalAgent } from './local-agent.ts';

/** One WebSocket that an Agent is to have; there is at most one for each Controller (R-WS.4). */
export interface DialTarget {
  readonly key: DeviceKey;
  /** Endpoint IDs. */
  readonly agent: string;
  readonly controller: string;
  /** Path of the MTP's row. */
  readonly mtp: string;
  readonly host: string;
  /** Undefined: the one that the scheme has. */
  readonly port: number | undefined;
  readonly path: string;
  readonly encrypted: boolean;
  /** Undefined: the gateway's own. */
  readonly keepAliveMs: number | undefined;
  readonly retry: { readonly minimumMs: number; readonly multiplier: number };
}

const SECOND = 1000;
const TRUE = 'true';

type Local = Pick<LocalAgent, 'record' | 'rowsOf' | 'read'>;

/** In the order of the Controllers; of two rows for one Controller the later counts, which is the device's own. */
export function dialTargetsOf(local: Local): readonly DialTarget[] {
  const targets = new Map<string, DialTarget>();
  for (const controller of rowPaths(local, CONTROLLER_TABLE)) {
    const endpointId = local.read(`${controller}EndpointID`) ?? '';
    if (endpointId === '') continue;
    targets.delete(endpointId);
    const mtp = rowPaths(local, `${controller}MTP.`).find((path) => isDialled(local, path));
    if (mtp === undefined || local.read(`${controller}Enable`) !== TRUE) continue;
    targets.set(endpointId, targetOf(local, endpointId, mtp));
  }
  return [...targets.values()];
}

const rowPaths = (local: Local, table: string): readonly string[] =>
  local.rowsOf(table).map((number) => rowOf(table, number));

const isDialled = (local: Local, mtp: string): boolean =>
  local.read(`${mtp}Enable`) === TRUE &&
  local.read(`${mtp}Protocol`) === 'WebSocket' &&
  (local.read(`${mtp}WebSocket.Host`) ?? '') !== '';

function targetOf(local: Local, controller: string, mtp: string): DialTarget {
  const read = (name: string): string => local.read(`${mtp}WebSocket.${name}`) ?? '';
  const positive = (name: string): number | undefined => {
    const value = Number(read(name));
    return value >= 1 ? value : undefined;
  };
  const keepAlive = positive('KeepAliveInterval');
  return {
    key: local.record.key,
    agent: local.record.identity.endpointId,
    controller,
    mtp,
    host: read('Host'),
    port: positive('Port'),
    path: read('Path'),
    encrypted: read('EnableEncryption') !== 'false',
    keepAliveMs: keepAlive === undefined ? undefined : keepAlive * SECOND,
    retry: {
      minimumMs: (positive('SessionRetryMinimumWaitInterval') ?? 5) * SECOND,
      multiplier: positive('SessionRetryIntervalMultiplier') ?? 2000,
    },
  };
}
