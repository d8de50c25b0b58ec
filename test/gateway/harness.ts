// A whole gateway in this process, on free ports and a folder of its own, with CPEs and Controllers around it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller } from '../../proxy/cli/usp/controller.ts';
import { loadConfig } from '../../proxy/config/load.ts';
import { type Gateway, startGateway } from '../../proxy/main/gateway.ts';
import { type Clock, systemClock, systemRandomness } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';
import { agentEndpointId } from '../../proxy/usp/device-id.ts';
import { type Cpe, createCpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import type { CpeOptions } from '../cpe/options.ts';

/** What a tap test offers for cleaning up. */
interface Test {
  teardown(run: () => unknown): void;
}

export interface Harness {
  readonly gateway: Gateway;
  readonly acsUrl: string;
  readonly wsUrl: string;
  readonly apiUrl: string;
  readonly operateUrl: string;
  /** Lines that the gateway logged. */
  readonly log: readonly string[];
  cpe(options?: Partial<CpeOptions>): Cpe;
  controller(options?: {
    readonly agent?: string;
    readonly controller?: string;
    readonly token?: string;
    readonly tenant?: string;
  }): Promise<Controller>;
}

export const FREE_PORTS: readonly (readonly [string, string])[] = [
  ['cwmp.listen', '127.0.0.1:0'],
  ['http.listen', '127.0.0.1:0'],
  ['operate.listen', '127.0.0.1:0'],
  ['files.listen', '127.0.0.1:0'],
];

export const CONTROLLER_ID = 'proto::controller-1';

export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Endpoint ID of a CPE's Agent. */
export function agentOf(cpe: Cpe): string {
  const { oui, productClass, serialNumber } = cpe.deviceId;
  const id = agentEndpointId({ OUI: oui, ProductClass: productClass, SerialNumber: serialNumber });
  if (!id.ok) throw new Error(id.reason);
  return id.endpointId;
}

export async function startHarness(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
  clock: Clock = systemClock,
): Promise<Harness> {
  const folder = temporaryFolder(t);
  const { config } = loadConfig({
    file: undefined,
    environment: {},
    flags: [
      ...FREE_PORTS,
      ['data.dir', join(folder, 'data')],
      ['connectionRequest.username', 'acs'],
      ['connectionRequest.password', 'acs-secret'],
      ...Object.entries(settings),
    ],
  });
  const lines: string[] = [];
  const log = createLog('trace', { write: (line) => void lines.push(line) });
  const gateway = await startGateway(config, { clock, randomness: systemRandomness, log });
  const acsUrl = `http://${gateway.addresses.cwmp}/`;
  const wsUrl = `ws://${gateway.addresses.http}`;
  let serial = 0;
  t.teardown(() => gateway.stop());
  return {
    gateway,
    acsUrl,
    wsUrl,
    apiUrl: `http://${gateway.addresses.http}/api/v1`,
    operateUrl: `http://${gateway.addresses.operate}`,
    log: lines,
    cpe(options = {}) {
      serial += 1;
      const cpe = createCpe({
        dump: loadDump('tiny-tr181'),
        acsUrl,
        deviceId: {
          manufacturer: 'Example',
          oui: '02C0DE',
          productClass: 'Router',
          serialNumber: `T${String(serial).padStart(4, '0')}`,
        },
        connectionRequest: { username: 'acs', password: 'acs-secret' },
        ...options,
      });
      t.teardown(() => cpe.stop());
      return cpe;
    },
    async controller(options = {}) {
      const controller = await Controller.connect({
        url: wsUrl,
        controller: CONTROLLER_ID,
        timeoutMs: 50_000,
        ...options,
      });
      t.teardown(() => controller.close());
      return controller;
    },
  };
}
