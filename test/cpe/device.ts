// The device behind the protocol: its data model with everything that works on it, as the RPCs see it. What an RPC sets
// off for after the session is collected here and handed out when the session has ended.
import { createAttributeStore } from './attributes.ts';
import { createChangeNotices, type ChangeNotices } from './change-notices.ts';
import type { Clock } from './clock.ts';
import { createDataModel } from './data-model.ts';
import { createDiagnostics } from './diagnostics.ts';
import type { Dialect } from './dialect.ts';
import { fileToUpload } from './files.ts';
import { identify } from './identity.ts';
import type { DeviceId } from './inform.ts';
import type { Occurrence } from './observe.ts';
import { DEFAULT_TIMINGS, type CpeOptions } from './options.ts';
import type { Random } from './random.ts';
import { rpcs } from './rpcs/all.ts';
import type { Device } from './rpcs/rpc.ts';
import { createTransfers, type TransferEnd } from './transfers.ts';

/** What is to be done now that the session is over. */
export interface Consequences {
  readonly factoryReset: boolean;
  readonly reboots: readonly string[];
}

export interface LiveDevice extends Device {
  readonly deviceId: DeviceId;
  readonly notices: ChangeNotices;
  /** Parameters of every Inform. */
  readonly informPaths: readonly string[];
  /** The value of a parameter of ManagementServer. */
  managementServer(name: string): string;
  takeConsequences(): Consequences;
}

export interface DeviceHooks {
  readonly clock: Clock;
  readonly random: Random;
  readonly dialect: Dialect;
  readonly report: (occurrence: Occurrence) => void;
  readonly changedByDevice: (paths: readonly string[]) => void;
  readonly onDiagnosticsEnd: () => void;
  readonly onTransferEnd: (end: TransferEnd) => void;
  readonly scheduleInform: (delaySeconds: number, commandKey: string) => void;
}

export function createDevice(options: CpeOptions, hooks: DeviceHooks): LiveDevice {
  const { clock, random, dialect, report } = hooks;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const { deviceId, factory } = identify(options);
  const { root } = options.dump;
  const model = createDataModel(root, factory);
  const attributes = createAttributeStore();
  const server = `${root}ManagementServer.`;
  let consequences: Consequences = { factoryReset: false, reboots: [] };

  const diagnostics = createDiagnostics({
    model,
    clock,
    random,
    time: timings.diagnosticTime,
    ...(options.diagnosticResults !== undefined && { results: options.diagnosticResults }),
    onEnd: (path, state, changed) => {
      report({ kind: 'diagnostic', path, state });
      hooks.changedByDevice(changed);
      hooks.onDiagnosticsEnd();
    },
  });
  const transfers = createTransfers({
    clock,
    random,
    time: timings.transferTime,
    fileFor: (fileType) => fileToUpload(fileType, model),
    onEnd: hooks.onTransferEnd,
  });

  return {
    deviceId,
    model,
    attributes,
    diagnostics,
    transfers,
    dialect,
    notices: createChangeNotices(model, attributes),
    methods: [...rpcs.keys()].filter((method) => !dialect.unsupported.has(method)),
    informPaths: [
      ...new Set([...options.dump.informPaths, `${server}ParameterKey`, `${server}ConnectionRequestURL`]),
      ...(options.stun === undefined ? [] : [`${server}UDPConnectionRequestAddress`, `${server}NATDetected`]),
      ...(options.xmpp === undefined ? [] : [`${server}ConnReqJabberID`]),
    ],
    managementServer: (name) => model.peek(`${server}${name}`) ?? '',
    appliesLater: (method, paths) => options.status1?.(method, paths) ?? false,
    transfersNow: (order) => options.transfersNow?.(order) ?? false,
    rememberParameterKey: (key) => void model.write(new Map([[`${server}ParameterKey`, key]]), 'now'),
    changedByAcs: (paths) => {
      if (paths.length > 0) report({ kind: 'values-changed', paths, by: 'acs' });
    },
    reboot: (commandKey) => {
      consequences = { ...consequences, reboots: [...consequences.reboots, commandKey] };
    },
    factoryReset: () => {
      consequences = { ...consequences, factoryReset: true };
    },
    scheduleInform: hooks.scheduleInform,
    takeConsequences: () => {
      const taken = consequences;
      consequences = { factoryReset: false, reboots: [] };
      return taken;
    },
  };
}
