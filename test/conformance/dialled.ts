// A Controller that listens and is dialled, as the plan has it: the Agent opens the connection.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { add, create, type Values } from '../agent/requests.ts';
import { Unmet } from './case.ts';
import { CONTROLLERS, type Eut } from './eut.ts';
import { Tester } from './tester.ts';

export interface Arrival {
  readonly tester: Tester;
  readonly request: IncomingMessage;
}

export interface Dialled {
  readonly eid: string;
  /** Its row; '' until `invite`. */
  readonly row: string;
  /** When each attempt was made, by the clock of the case. */
  readonly attempts: readonly number[];
  /** Attempts are refused from now on, or no longer. */
  refuse(refusing: boolean): void;
  /** Adds the rows by which it is dialled; answers the MTP's. */
  invite(settings?: Values): Promise<string>;
  /** The next Agent that has come. */
  next(): Promise<Arrival>;
}

const PATIENCE_MS = 15_000;
let count = 0;

export async function startDialled(eut: Eut, tls?: ServerOptions): Promise<Dialled> {
  count += 1;
  const eid = `proto::dialled-${count}`;
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v1.usp' });
  const arrivals: Arrival[] = [];
  const attempts: number[] = [];
  let refusing = false;
  let ring = (): void => undefined;
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    attempts.push(eut.clock.now());
    if (refusing) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const tester = Tester.over({ url: '', agent: eut.agent, eid }, webSocket);
      eut.adopt(tester);
      arrivals.push({ tester, request });
      ring();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  eut.t.teardown(() => {
    for (const client of webSockets.clients) client.terminate();
    server.close();
    server.closeAllConnections();
  });
  let row = '';
  return {
    eid,
    get row() {
      return row;
    },
    attempts,
    refuse: (wanted) => void (refusing = wanted),
    async invite(settings = {}) {
      row = await made(eut, CONTROLLERS, {
        EndpointID: eid,
        Enable: 'true',
        AssignedRole: 'Device.LocalAgent.ControllerTrust.Role.1',
      });
      return made(eut, `${row}MTP.`, {
        Enable: 'true',
        Protocol: 'WebSocket',
        'WebSocket.Host': '127.0.0.1',
        'WebSocket.Port': String((server.address() as AddressInfo).port),
        'WebSocket.Path': '/usp',
        'WebSocket.EnableEncryption': String(tls !== undefined),
        ...settings,
      });
    },
    next: () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Unmet('the Agent connects', 'it did not')), PATIENCE_MS);
        ring = () => {
          const arrival = arrivals.shift();
          if (arrival === undefined) return;
          clearTimeout(timer);
          ring = () => undefined;
          resolve(arrival);
        };
        ring();
      }),
  };
}

async function made(eut: Eut, table: string, values: Values): Promise<string> {
  const answer = await eut.tester.expect('add_resp', add(create(table, values)));
  const status = answer.created_obj_results[0]?.oper_status;
  if (status?.kind !== 'oper_success') throw new Unmet('a row is made', JSON.stringify(status));
  return status.instantiated_path;
}
