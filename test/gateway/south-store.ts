// The south side of a gateway on a store that a test can make slow, or take away.
import { join } from 'node:path';
import { loadConfig } from '../../proxy/config/load.ts';
import { incarnationLength } from '../../proxy/cwmp/cookie.ts';
import { openFiles } from '../../proxy/main/files.ts';
import { closeServers } from '../../proxy/main/listeners.ts';
import { makeRooms } from '../../proxy/main/rooms.ts';
import { openStore } from '../../proxy/main/store.ts';
import { createWaker } from '../../proxy/main/waker.ts';
import { randomName, systemClock, systemRandomness } from '../../proxy/operate/clock.ts';
import { createHealthServer } from '../../proxy/operate/health.ts';
import { createLog } from '../../proxy/operate/log.ts';
import { createMetrics } from '../../proxy/operate/metrics.ts';
import type { DeviceSteps } from '../../proxy/store/device-steps.ts';
import type { TransferReportSaved, TransferSteps } from '../../proxy/store/transfer-steps.ts';
import { FREE_PORTS, temporaryFolder } from './harness.ts';

/** What happens in place of a step: it runs the step itself, or not. */
type Rule = (run: () => Promise<unknown>) => Promise<unknown>;

export interface South {
  readonly acsUrl: string;
  readonly operateUrl: string;
  readonly log: readonly string[];
  /** Steps on devices that do not run by themselves. */
  readonly rules: Map<keyof DeviceSteps, Rule>;
}

interface Test {
  teardown(run: () => unknown): void;
}

function ruled(steps: DeviceSteps, rules: South['rules']): DeviceSteps {
  return new Proxy(steps, {
    get(target, name: keyof DeviceSteps) {
      const step = Reflect.get(target, name) as (...args: readonly unknown[]) => Promise<unknown>;
      return (...args: readonly unknown[]): Promise<unknown> => {
        const run = (): Promise<unknown> => step.apply(target, [...args]);
        return rules.get(name)?.(run) ?? run();
      };
    },
  });
}

/** A report of a transfer is saved by a step of its own; the rule of `saveReport` holds for it as for all others. */
function ruledReports(steps: TransferSteps, rules: South['rules']): TransferSteps {
  const saveTransferReport: TransferSteps['saveTransferReport'] = async (...report) => {
    let saved: TransferReportSaved = { kind: 'stale' };
    const run = async (): Promise<string> => {
      saved = await steps.saveTransferReport(...report);
      return saved.kind === 'saved' ? 'done' : saved.kind;
    };
    await (rules.get('saveReport')?.(run) ?? run());
    return saved;
  };
  return new Proxy(steps, {
    get: (target, name: keyof TransferSteps) =>
      name === 'saveTransferReport'
        ? saveTransferReport
        : (Reflect.get(target, name) as (...args: readonly unknown[]) => unknown).bind(target),
  });
}

export async function startSouth(t: Test): Promise<South> {
  const folder = join(temporaryFolder(t), 'data');
  const { config } = loadConfig({ file: undefined, environment: {}, flags: [...FREE_PORTS, ['data.dir', folder]] });
  const [clock, randomness, metrics] = [systemClock, systemRandomness, createMetrics()];
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  const onDisk = await openStore(config, clock, log);
  const rules: South['rules'] = new Map();
  const files = await openFiles({ config, store: onDisk, clock, randomness, metrics, log });
  const { room, cwmp } = makeRooms({
    config,
    version: '0',
    incarnation: randomName(randomness, incarnationLength),
    store: { ...onDisk, devices: ruled(onDisk.devices, rules), transfers: ruledReports(onDisk.transfers, rules) },
    files,
    tls: undefined,
    trusted: [],
    waker: createWaker(config, clock, randomness),
    cookieKey: randomness(32),
    nonceKey: randomness(32),
    sealingKey: randomness(32),
    ...{ clock, randomness, metrics, log },
  });
  const health = createHealthServer(metrics, async () => []);
  const listen = { host: '127.0.0.1', port: 0 };
  const [acsUrl, operateUrl] = [(await cwmp.servers[0]?.listen(listen)) ?? '', await health.listen(listen)];
  t.teardown(async () => {
    rules.clear();
    cwmp.stop();
    await room.stop(2000);
    await closeServers([...cwmp.servers, health]);
    await files.blobs.close();
    await onDisk.close();
  });
  return { acsUrl, operateUrl, log: lines, rules };
}
