// Binding listeners, and closing them with everything that hangs on them.
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '../config/kinds.ts';
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
  try {
    await server.listen({ host: host === '' ? '::' : host, port, backlog: BACKLOG });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CausewayError('CAUSEWAY_LISTEN_FAILED', `${setting}: ${why}`, { cause: error });
  }
  const bound = server.server.address();
  if (bound === null || typeof bound === 'string') throw new CausewayError('CAUSEWAY_BUG', `${setting} has no address`);
  return { address: bound.address, port: bound.port };
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
