// Binding listeners, and closing them with everything that hangs on them.
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '../config/kinds.ts';
import type { Config } from '../config/schema.ts';
import { openStunSocket, type StunEffects, type StunSocket } from '../cwmp/connection-request/stun/server.ts';
import { CausewayError } from '../errors.ts';

export interface BoundAddress {
  readonly address: string;
  readonly port: number;
}

/** CPEs boot together: what the kernel may hold until we accept it. */
const BACKLOG = 8192;

/** Throws CAUSEWAY_LISTEN_FAILED naming the setting. */
export async function bind(
  server: FastifyInstance,
  { host, port }: ListenAddress,
  setting: string,
): Promise<BoundAddress> {
  await server.listen({ host: host === '' ? '::' : host, port, backlog: BACKLOG }).catch(listenFailed(setting));
  const bound = server.server.address();
  if (bound === null || typeof bound === 'string') throw new CausewayError('CAUSEWAY_BUG', `${setting} has no address`);
  return { address: bound.address, port: bound.port };
}

const listenFailed =
  (setting: string) =>
  (error: unknown): never => {
    const why = error instanceof Error ? error.message : String(error);
    throw new CausewayError('CAUSEWAY_LISTEN_FAILED', `${setting}: ${why}`, { cause: error });
  };

/** Undefined where `stun.listen` is not set. Throws CAUSEWAY_LISTEN_FAILED. */
export async function bindStun(config: Config, effects: StunEffects): Promise<StunSocket | undefined> {
  const listens = config['stun.listen'];
  if (listens === undefined) return undefined;
  const [username, password] = [config['stun.username'], config['stun.password']];
  const credentials = username === '' ? undefined : { username, password };
  return openStunSocket({ ...listens, credentials }, effects).catch(listenFailed('stun.listen'));
}

export const formatAddress = ({ address, port }: BoundAddress): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export async function closeServers(servers: readonly FastifyInstance[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      const closed = server.close();
      server.server.closeAllConnections();
      await closed;
    }),
  );
}

/** Addresses of this machine: what a listener on all addresses covers. */
export const machineAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []);
