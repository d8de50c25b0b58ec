// A gateway process that can be killed and started again on its own folder and ports, a CPE behind a relay, a Controller.
import { join } from 'node:path';
import { Controller } from '../../proxy/cli/usp/controller.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { type Cpe, createCpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { temporaryFolder } from '../gateway/harness.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { type Relay, startRelay } from './relay.ts';

interface Test {
  teardown(run: () => unknown): void;
}

export const AGENT = 'ops::02C0DE-Router-K1';
export const DEVICE = '02C0DE-Router-K1';
export const CONTROLLER = 'self::kill-test';

export interface Scene {
  readonly cpe: Cpe;
  readonly relay: Relay;
  readonly gateway: GatewayProcess;
  /** SIGKILL, and the connections through the relay cut with it. */
  kill(): Promise<void>;
  /** On the same folder and ports. */
  startAgain(): Promise<void>;
  controller(): Promise<Controller>;
  /** The API's answer. */
  api(path: string): Promise<unknown>;
}

export async function setScene(
  t: Test,
  options: Partial<CpeOptions> = {},
  more: Readonly<Record<string, string>> = {},
  program?: readonly string[],
): Promise<Scene> {
  const folder = join(temporaryFolder(t), 'data');
  const settings: Record<string, string> = {
    'data.dir': folder,
    'park.poll': '1s',
    'connectionRequest.username': 'acs',
    'connectionRequest.password': 'acs',
    ...more,
  };
  let gateway = await startGatewayProcess(settings, [], program);
  for (const name of ['cwmp', 'http', 'operate'] as const) settings[`${name}.listen`] = gateway.addresses[name];
  const [host = '', port = ''] = gateway.addresses.cwmp.split(':');
  const relay = await startRelay({ host, port: Number(port) });
  const cpe = createCpe({
    dump: loadDump('home-router-tr181'),
    acsUrl: `http://127.0.0.1:${relay.port}/`,
    deviceId: { oui: '02C0DE', productClass: 'Router', serialNumber: 'K1' },
    connectionRequest: { username: 'acs', password: 'acs' },
    timings: { retryScale: 0.02 },
    ...options,
  });
  t.teardown(async () => {
    await cpe.stop();
    await relay.close();
    await gateway.stop();
  });
  return {
    cpe,
    relay,
    get gateway() {
      return gateway;
    },
    async kill() {
      await gateway.kill();
      relay.sever();
    },
    async startAgain() {
      relay.gate = () => true;
      gateway = await startGatewayProcess(settings, [], program);
    },
    async controller() {
      const controller = await Controller.connect({
        url: `ws://${gateway.addresses.http}`,
        controller: CONTROLLER,
        timeoutMs: 30_000,
      });
      t.teardown(() => controller.close());
      return controller;
    },
    async api(path) {
      const response = await fetch(`http://${gateway.addresses.http}/api/v1${path}`);
      return response.json();
    },
  };
}

export const getBody = (...param_paths: readonly string[]): UspBody => ({ kind: 'get', param_paths, max_depth: 0 });

export const setBody = (obj_path: string, param: string, value: string): UspBody => ({
  kind: 'set',
  allow_partial: false,
  update_objs: [{ obj_path, param_settings: [{ param, value, required: true }] }],
});

export const addBody = (obj_path: string, settings: Readonly<Record<string, string>>): UspBody => ({
  kind: 'add',
  allow_partial: false,
  create_objs: [
    { obj_path, param_settings: Object.entries(settings).map(([param, value]) => ({ param, value, required: true })) },
  ],
});

export interface ApiRequest {
  readonly id: string;
  readonly msg_id: string;
  readonly state: string;
  readonly steps: readonly { readonly method: string; readonly answered: boolean }[];
}

/** The device's requests by the API, newest first; arming and other requests of our own left out. */
export async function requestsOf(scene: Scene): Promise<readonly ApiRequest[]> {
  const { requests } = (await scene.api(`/devices/${DEVICE}/requests`)) as {
    readonly requests: readonly (ApiRequest & { readonly kind: string })[];
  };
  return requests.filter(({ kind }) => kind === 'usp');
}

/** Looks until something holds; for facts of another process, which has no event to await. */
export async function until<T>(look: () => Promise<T | undefined>, what: string, limitMs = 20_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`not seen within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
