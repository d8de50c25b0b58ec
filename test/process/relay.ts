// A TCP relay between CPEs and the gateway, through which a test decides how far a message gets.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Direction = 'to-gateway' | 'to-cpe';
/** Sees each piece before it goes on; `false` lets it vanish. */
export type Gate = (direction: Direction, text: string) => boolean;

export interface Relay {
  readonly port: number;
  /** Lets everything pass until it is set. */
  gate: Gate;
  /** Cuts every connection. */
  sever(): void;
  close(): Promise<void>;
}

export async function startRelay(target: { readonly host: string; readonly port: number }): Promise<Relay> {
  const sockets = new Set<Socket>();
  const relay: Relay = {
    port: 0,
    gate: () => true,
    sever() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      relay.sever();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((cpe) => {
    const gateway = connect(target);
    const pass = (from: Socket, to: Socket, direction: Direction): void => {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (relay.gate(direction, chunk.toString('latin1'))) to.write(chunk);
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    };
    pass(cpe, gateway, 'to-gateway');
    pass(gateway, cpe, 'to-cpe');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(relay, { port: (server.address() as AddressInfo).port });
}
