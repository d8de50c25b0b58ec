// The Agents' own way to their Controllers: the dialler, what tells it of rows and boots, and which devices are this node's.
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Agent } from '../agent/agent.ts';
import type { Sessions } from '../agent/local-agent/definition.ts';
import type { Config } from '../config/schema.ts';
import type { Connections } from '../endpoint/connections.ts';
import type { Limits } from '../endpoint/limits.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Outbox } from '../endpoint/outbox.ts';
import { CausewayError } from '../errors.ts';
import { Dialler } from '../mtp/dial/dialler.ts';
import { type HostPolicy, parseHosts } from '../access/hosts.ts';
import { sharedResolve, systemResolve } from '../access/names.ts';
import { StartQueue } from '../mtp/dial/start-queue.ts';
import { TargetWalk } from '../mtp/dial/walk.ts';
import { Share } from '../nodes/share.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import type { Parts } from './rooms.ts';
import { tenancySettings } from './tenants.ts';

export interface Dials extends Sessions {
  /** A device and its tenant's template, as they have just been read. */
  seen(record: DeviceRecord, template: TemplateRecord): void;
  /** A bell: rows that a device has of its own have changed. */
  changed(key: DeviceKey): void;
  /** The nodes that are alive. */
  alive(incarnations: ReadonlySet<string>): void;
  start(): void;
  /** Resolves when nothing is read any more and all connections are gone. */
  stop(): Promise<void>;
  /** Reads the certificates again; those that cannot be used change nothing. */
  reload(): void;
}

/** For whom needs them before they are there. */
export const sessionsOf = (dials: () => Sessions): Sessions => ({
  retriesOf: (key, controller) => dials().retriesOf(key, controller),
  reset: (key, controller) => dials().reset(key, controller),
});

/** From `Reset()` to the end of the connection over which its answer may go. */
const RESET_AFTER_MS = 500;

export interface DialParts extends Pick<
  Parts,
  'config' | 'store' | 'incarnation' | 'clock' | 'randomness' | 'log' | 'metrics'
> {
  readonly agent: Agent;
  readonly endpoint: Endpoint;
  readonly limits: Limits;
  readonly connections: Connections;
  readonly outbox: Outbox;
}

/** Throws CAUSEWAY_CONFIG_INVALID naming the setting. */
export function makeDials(parts: DialParts): Dials {
  const { config, store, agent, outbox, clock, log, metrics } = parts;
  const policy = hostPolicy(config);
  let secureContext = readSecureContext(config);
  const share: Share = new Share({ ...parts, lost: () => dialler.letGo(), gained: () => walk.again() });
  const dialler = new Dialler({
    ...parts,
    policy,
    resolve: sharedResolve(systemResolve),
    secureContext: () => secureContext,
    deadlineMs: config['usp.dial.timeout'],
    recordBytes: config['usp.record'],
    queue: new StartQueue(clock, { handshakes: config['usp.dial.handshakes'] }),
    pingMs: config['usp.ping'],
    cap: config['usp.dial.cap'],
    isOurs: (device) => share.isOurs(device),
    connected: ({ key, controller }) => outbox.ring(key.tenant, controller, key),
  });
  const seen = (record: DeviceRecord, template: TemplateRecord): void =>
    dialler.seen(record, template.version, agent.dialTargets(record, template));
  const walk: TargetWalk = new TargetWalk({ ...parts, tenants: tenancySettings(config).tenants, seen });
  metrics.gauge('usp_dials', () => dialler.size);
  metrics.gauge('usp_dials_open', () => dialler.open);
  const look = async (key: DeviceKey): Promise<void> => {
    const [record, template] = await Promise.all([
      store.devices.readDevice(key),
      store.tenants.readTemplate(key.tenant),
    ]);
    if (record !== undefined) seen(record, template);
  };
  return {
    seen,
    retriesOf: (key, controller) => dialler.retriesOf(key, controller),
    reset(key, controller) {
      clock.after(RESET_AFTER_MS, () => dialler.reset(key, controller));
      return dialler.retriesOf(key, controller) !== undefined;
    },
    changed(key) {
      look(key).catch((error: unknown) => {
        metrics.count('failure', 'dial-look');
        log.warn({ device: key.device, err: error }, 'changed rows could not be read; the next walk finds them');
      });
    },
    alive: (incarnations) => share.seen(incarnations),
    start() {
      // Where nobody may dial there is nothing to look for; what comes by is counted all the same.
      if (!policy.isOff) walk.start();
    },
    async stop() {
      share.stop();
      await Promise.all([dialler.stop(), walk.stop()]);
    },
    reload() {
      try {
        secureContext = readSecureContext(config);
      } catch (error) {
        metrics.count('failure', 'certificates');
        log.error({ err: error }, 'certificates of usp.dial cannot be used; those at hand stay');
      }
    },
  };
}

const invalid = (message: string, cause?: unknown): CausewayError =>
  new CausewayError('CAUSEWAY_CONFIG_INVALID', message, { cause });

function hostPolicy(config: Config): HostPolicy {
  const parsed = parseHosts(config['usp.dial.hosts']);
  if (parsed.ok) return parsed.policy;
  throw invalid(
    `usp.dial.hosts: ${parsed.entry} is no name, *.suffix, address or network, with or without a port, such as ` +
      'controller.example:443, *.example, 192.0.2.0/24:8443, [2001:db8::/32]:443',
  );
}

function readSecureContext(config: Config): SecureContext {
  const [cert, key] = [config['usp.dial.cert'], config['usp.dial.key']];
  if ((cert === '') !== (key === '')) throw invalid('usp.dial.cert and usp.dial.key go together: set both, or none');
  const files = [
    ['ca', 'usp.dial.ca', config['usp.dial.ca']],
    ['cert', 'usp.dial.cert', cert],
    ['key', 'usp.dial.key', key],
  ] as const;
  const material: { ca?: Buffer; cert?: Buffer; key?: Buffer } = {};
  for (const [part, setting, file] of files) if (file !== '') material[part] = readPem(setting, file);
  try {
    return createSecureContext({ minVersion: 'TLSv1.2', ...material });
  } catch (error) {
    throw invalid('usp.dial.ca, usp.dial.cert and usp.dial.key: these files cannot be used together', error);
  }
}

function readPem(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw invalid(`${setting}: ${file} cannot be read`, error);
  }
}
