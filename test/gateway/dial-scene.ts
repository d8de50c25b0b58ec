// A Controller that waits to be dialled, and the rows that have Agents dial it.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { WebSocketServer } from 'ws';
import type { Controller } from '../../proxy/cli/usp/controller.ts';
import type { ParamSetting } from '../../proxy/usp/messages/add.ts';
import { type Peer, peerOf } from './north-tools.ts';

export const DIALLED = 'self::dialled';

/** One Agent that has dialled. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly peer: Peer;
  readonly at: number;
}

export interface DialledController {
  readonly port: number;
  /** All that have come. */
  readonly arrivals: readonly Arrival[];
  /** The next one that nobody has taken yet. */
  next(): Promise<Arrival>;
  /** Nothing listens any more, and every connection is cut. */
  kill(): Promise<void>;
  /** Listens again on the same port. */
  restart(): Promise<void>;
}

export async function startDialledController(
  t: Test,
  { tls, port = 0 }: { readonly tls?: ServerOptions; readonly port?: number } = {},
): Promise<DialledController> {
  const arrivals: Arrival[] = [];
  let taken = 0;
  let ring: () => void = () => undefined;
  const listen = async (at: number): Promise<{ readonly port: number; kill(): Promise<void> }> => {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    const webSockets = new WebSocketServer({ server, handleProtocols: () => 'v1.usp' });
    webSockets.on('connection', (socket, request) => {
      arrivals.push({ request, peer: peerOf(t, socket, DIALLED), at: Date.now() });
      ring();
    });
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      async kill() {
        for (const client of webSockets.clients) client.terminate();
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      },
    };
  };
  let running = await listen(port);
  let killed = false;
  const kill = async (): Promise<void> => {
    if (!killed) await running.kill();
    killed = true;
  };
  t.teardown(kill);
  return {
    port: running.port,
    arrivals,
    async next() {
      for (;;) {
        const arrival = arrivals[taken];
        if (arrival !== undefined) {
          taken += 1;
          return arrival;
        }
        await new Promise<void>((resolve) => (ring = resolve));
      }
    },
    kill,
    async restart() {
      running = await listen(running.port);
      killed = false;
    },
  };
}

export interface DialRow {
  readonly port: number;
  readonly controller?: string;
  /** Where the Controller has a row already. */
  readonly row?: string;
  /** Of the WebSocket object. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A row of an Agent for the Controller, with an MTP that dials it by values of the row; resolves with the MTP's path. */
export async function addDial(
  operator: Controller,
  agent: string,
  { port, controller = DIALLED, row, settings = {} }: DialRow,
): Promise<string> {
  const table = 'Device.LocalAgent.Controller.';
  const path = row ?? (await add(operator, agent, table, { EndpointID: controller, Enable: 'true' }, AT_HOME));
  return add(operator, agent, `${path}MTP.`, {
    Enable: 'true',
    Protocol: 'WebSocket',
    'WebSocket.Host': '127.0.0.1',
    'WebSocket.Port': String(port),
    'WebSocket.Path': '/agents',
    'WebSocket.EnableEncryption': 'false',
    // The quickest that a row may have: one second after each failure.
    'WebSocket.SessionRetryMinimumWaitInterval': '1',
    'WebSocket.SessionRetryIntervalMultiplier': '1000',
    ...settings,
  });
}

/**
 * What a Controller may that is dialled says its row alone; an Agent without roles lets it do everything anyway. It is not
 * greeted by an OnBoardRequest, which would come between the answers that tests wait for.
 */
const AT_HOME = { AssignedRole: 'Device.LocalAgent.ControllerTrust.Role.1', OnBoardingComplete: 'true' };

type Values = Readonly<Record<string, string>>;

async function add(
  operator: Controller,
  agent: string,
  obj_path: string,
  wanted: Values,
  optional: Values = {},
): Promise<string> {
  const settings = (values: Values, required: boolean): ParamSetting[] =>
    Object.entries(values).map(([param, value]) => ({ param, value, required }));
  const param_settings = [...settings(wanted, true), ...settings(optional, false)];
  const answer = await operator.request(agent, {
    kind: 'add',
    allow_partial: false,
    create_objs: [{ obj_path, param_settings }],
  });
  const [created] = answer.kind === 'add_resp' ? answer.created_obj_results : [];
  if (created?.oper_status.kind !== 'oper_success') throw new Error(JSON.stringify(answer));
  return created.oper_status.instantiated_path;
}
