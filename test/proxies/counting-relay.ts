// A TCP relay to the gateway that notes which CPEs it sees on each connection. The gateway has one listener for CPEs; two
// such relays are the two that a proxy goes round.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CountingRelay {
  readonly port: number;
  /** Of each connection that was made to it: the serials of the CPEs whose POSTs came on it. */
  readonly connections: readonly ReadonlySet<string>[];
  /** Forgets what it has seen, and ends the connections. */
  reset(): void;
}

const SERIAL = /x-cpe: (\w+)\r\n/gi;
/** A header may lie across two pieces. */
const TAIL = 64;

export async function startCountingRelay(
  t: { teardown(run: () => unknown): void },
  gateway: string,
): Promise<CountingRelay> {
  const { hostname, port } = new URL(gateway);
  const open = new Set<Socket>();
  let connections: Set<string>[] = [];
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const serials = new Set<string>();
    connections.push(serials);
    let tail = '';
    near.on('data', (bytes: Buffer) => {
      const text = tail + bytes.toString('latin1');
      for (const [, serial = ''] of text.matchAll(SERIAL)) serials.add(serial);
      tail = text.slice(-TAIL);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one.setNoDelay(true));
      one.on('error', () => other.destroy()).on('close', () => open.delete(one));
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reset = (): void => {
    for (const socket of open) socket.destroy();
    connections = [];
  };
  t.teardown(() => {
    reset();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    reset,
  };
}
