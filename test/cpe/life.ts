// The life of a device: power, what follows a session, what it does by itself. RPCs and users only set things off; what
// then happens, and when, stands here.
import { transferComplete } from './acs-requests.ts';
import type { Cancel, Clock } from './clock.ts';
import { createDevice, type LiveDevice } from './device.ts';
import type { Dialect } from './dialect.ts';
import type { Credentials } from './digest.ts';
import {
  BOOT,
  BOOTSTRAP,
  CONNECTION_REQUEST,
  DIAGNOSTICS_COMPLETE,
  event,
  PERIODIC,
  SCHEDULED,
  VALUE_CHANGE,
} from './events.ts';
import type { FaultRules } from './fault-rules.ts';
import { isConfiguration, isFirmware, settingsIn, versionOf } from './files.ts';
import type { Occurrence } from './observe.ts';
import { DEFAULT_TIMINGS, type CpeOptions } from './options.ts';
import { createPeriodicTimer } from './periodic.ts';
import type { Random } from './random.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createStunClient, type StunClient } from './stun-client.ts';
import type { TransferEnd } from './transfers.ts';
import { createWaking, type Waking } from './waking.ts';
import { createXmppClient, type XmppClient } from './xmpp-client.ts';

export interface LifeOptions {
  readonly options: CpeOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly dialect: Dialect;
  readonly rules: FaultRules;
  readonly report: (occurrence: Occurrence) => void;
}

export interface Life {
  readonly device: LiveDevice;
  readonly sessions: Sessions;
  /** Switches on and reports these events; resolves when the device listens. */
  switchOn(events: readonly string[]): Promise<void>;
  switchOff(): Promise<void>;
  /** Off and on again. */
  restart(): void;
  /** Something other than the ACS changed these paths. */
  changedByDevice(paths: readonly string[]): void;
}

export function createLife({ options, clock, random, dialect, rules, report }: LifeOptions): Life {
  const { root } = options.dump;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const scheduled = new Set<Cancel>();
  /** What waits for the end of the running session. */
  const afterwards: (() => void)[] = [];
  let state: 'off' | 'on' | 'rebooting' = 'off';
  let cancelBoot: Cancel = () => undefined;
  let bootedAt = clock.now();
  const isOn = (): boolean => state === 'on';
  const isOff = (): boolean => state === 'off';

  const device = createDevice(options, {
    clock,
    random,
    dialect,
    report,
    changedByDevice: (paths) => changedByDevice(paths),
    onDiagnosticsEnd: () => sessions.add(event(DIAGNOSTICS_COMPLETE)),
    onTransferEnd: (end) => onTransferEnd(end),
    scheduleInform: (delaySeconds, commandKey) => scheduleInform(delaySeconds, commandKey),
  });
  const { model, transfers, diagnostics } = device;
  const sessions = createSessions({
    options,
    device,
    timings,
    rules,
    clock,
    random,
    report,
    afterSession: (acsUrl) => afterSession(acsUrl),
  });
  const periodic = createPeriodicTimer(model, clock, () => sessions.add(event(PERIODIC)));
  const waking = options.connectionRequest === false ? undefined : wakingFor(options, device, sessions, random, report);
  /** These have forced active notification: a session tells the ACS. */
  const tell = (values: Readonly<Record<string, string>>): void => {
    const paths = Object.entries(values).map(([name, value]) => [`${root}ManagementServer.${name}`, value] as const);
    if (model.write(new Map(paths), 'now').length > 0) sessions.add(event(VALUE_CHANGE));
  };
  const stun = stunFor(options, { clock, random, device, sessions, report }, (address, nat) =>
    tell({ UDPConnectionRequestAddress: address, NATDetected: String(nat) }),
  );
  const xmpp = xmppFor(options, { device, sessions, report }, (jid) => tell({ ConnReqJabberID: jid }));
  model.compute(`${root}DeviceInfo.UpTime`, () => String(Math.floor((clock.now() - bootedAt) / 1000)));
  model.compute(`${root}Time.CurrentLocalTime`, () => new Date(clock.now()).toISOString().replace(/\.\d+/, ''));

  const changedByDevice = (paths: readonly string[]): void => {
    if (paths.length === 0) return;
    report({ kind: 'values-changed', paths, by: 'device' });
    if (device.notices.note(paths) === 'active') sessions.add(event(VALUE_CHANGE));
  };

  const onTransferEnd = ({ order, result, file }: TransferEnd): void => {
    const { commandKey, faultCode } = result;
    report({ kind: 'transfer', commandKey, faultCode, bytes: file.length });
    const told = options.losesCommandKeys === true ? { ...result, commandKey: '' } : result;
    const complete = transferComplete(told, dialect.soap.transferFaultLast);
    if (faultCode !== 0 || !isFirmware(order)) {
      if (faultCode === 0 && isConfiguration(order)) changedByDevice(model.write(settingsIn(file, model), 'now'));
      sessions.ask(complete);
      return;
    }
    // New firmware is told of by the device that runs it: after the restart (TR-069 A.3.2.8).
    const version = options.firmwareVersion?.(order, file) ?? versionOf(order);
    whenIdle(() => {
      goDown([BOOT]);
      changedByDevice(model.write(new Map([[`${root}DeviceInfo.SoftwareVersion`, version]]), 'now'));
      sessions.ask(complete);
    });
  };

  const whenIdle = (task: () => void): void => {
    if (sessions.isRunning()) afterwards.push(task);
    else task();
  };

  const scheduleInform = (delaySeconds: number, commandKey: string): void => {
    const cancel = clock.after(delaySeconds * 1000, () => {
      scheduled.delete(cancel);
      sessions.add(event(SCHEDULED));
      sessions.add(event('M ScheduleInform', commandKey));
    });
    scheduled.add(cancel);
  };
  const forgetScheduled = (): void => {
    for (const cancel of scheduled) cancel();
    scheduled.clear();
  };

  /** What an RPC may only set off once its session is over (TR-069 §3.7.2.5). */
  const afterSession = (acsUrl: string): void => {
    if (!isOn()) return;
    device.changedByAcs(model.applyCommitted());
    const { factoryReset, reboots } = device.takeConsequences();
    if (factoryReset) resetToFactory();
    else if (reboots.length > 0) goDown([BOOT], reboots);
    for (const task of afterwards.splice(0)) task();
    if (!isOn()) return;
    transfers.startAccepted();
    diagnostics.startRequested();
    periodic.arm();
    if (device.managementServer('URL') !== acsUrl) sessions.add(event(BOOTSTRAP));
  };

  const resetToFactory = (): void => {
    goDown([BOOTSTRAP, BOOT]);
    sessions.forget();
    transfers.clear();
    forgetScheduled();
    afterwards.length = 0;
    model.reset();
    device.attributes.reset();
  };

  /** Down now, up after the reboot's time with these events, and with M Reboot for each key. */
  const goDown = (events: readonly string[], commandKeys: readonly string[] = []): void => {
    if (!isOn()) return;
    state = 'rebooting';
    report({ kind: 'power', state });
    periodic.stop();
    diagnostics.interrupt();
    transfers.interrupt();
    const down = Promise.all([sessions.suspend(), waking?.close(), stun?.close(), xmpp?.close()]);
    cancelBoot = clock.after(timings.rebootTime, () => void down.then(async () => await boot(events, commandKeys)));
  };

  const boot = async (events: readonly string[], commandKeys: readonly string[]): Promise<void> => {
    if (isOff()) return;
    bootedAt = clock.now();
    model.applyCommitted();
    device.takeConsequences();
    for (const task of afterwards.splice(0)) task();
    sessions.queue.rebooted();
    for (const code of events) sessions.add(event(code));
    for (const key of commandKeys) sessions.add(event('M Reboot', key));
    const url = (await waking?.open()) ?? '';
    if (isOff()) {
      await waking?.remove();
      return;
    }
    const path = `${root}ManagementServer.ConnectionRequestURL`;
    const isKnown = model.peek(path) !== '';
    const changed = model.write(new Map([[path, url]]), 'now');
    if (isKnown) changedByDevice(changed);
    await stun?.open();
    await xmpp?.open();
    state = 'on';
    report({ kind: 'power', state });
    transfers.startAccepted();
    periodic.arm();
    sessions.resume();
  };

  return {
    device,
    sessions,
    changedByDevice,
    switchOn: async (events) => {
      state = 'rebooting';
      await boot(events, []);
    },
    switchOff: async () => {
      state = 'off';
      cancelBoot();
      forgetScheduled();
      periodic.stop();
      diagnostics.interrupt();
      transfers.clear();
      await Promise.all([sessions.suspend(), waking?.remove(), stun?.close(), xmpp?.close()]);
      report({ kind: 'power', state });
    },
    restart: () => goDown([BOOT]),
  };
}

function wakingFor(
  { connectionRequest }: CpeOptions,
  device: LiveDevice,
  sessions: Sessions,
  random: Random,
  report: LifeOptions['report'],
): Waking {
  return createWaking({
    settings: connectionRequest === undefined || connectionRequest === false ? {} : connectionRequest,
    replies: device.dialect.connectionRequestReplies,
    random,
    credentials: () => connectionRequestCredentials(device),
    isBusy: () => sessions.isRunning(),
    onAccepted: () => sessions.add(event(CONNECTION_REQUEST)),
    onAnswered: (status, inSession) => report({ kind: 'connection-request', status, inSession }),
  });
}

function stunFor(
  { stun }: CpeOptions,
  cpe: Pick<LifeOptions, 'clock' | 'random' | 'report'> & { readonly device: LiveDevice; readonly sessions: Sessions },
  onBinding: (address: string, nat: boolean) => void,
): StunClient | undefined {
  if (stun === undefined) return undefined;
  const { clock, random, device, sessions, report } = cpe;
  return createStunClient({
    settings: stun,
    clock,
    random,
    onBinding,
    credentials: () => connectionRequestCredentials(device),
    onRequest: () => {
      report({ kind: 'udp-connection-request', refused: undefined });
      sessions.add(event(CONNECTION_REQUEST));
    },
    onRefused: (refused) => report({ kind: 'udp-connection-request', refused }),
  });
}

function xmppFor(
  { xmpp }: CpeOptions,
  cpe: Pick<LifeOptions, 'report'> & { readonly device: LiveDevice; readonly sessions: Sessions },
  onJid: (jid: string) => void,
): XmppClient | undefined {
  if (xmpp === undefined) return undefined;
  const { device, sessions, report } = cpe;
  return createXmppClient({
    settings: xmpp,
    credentials: () => connectionRequestCredentials(device),
    allowed: () => device.managementServer('ConnReqAllowedJabberIDs'),
    onJid,
    onRequest: () => {
      report({ kind: 'xmpp-connection-request', refused: undefined });
      sessions.add(event(CONNECTION_REQUEST));
    },
    onRefused: (refused) => report({ kind: 'xmpp-connection-request', refused }),
  });
}

const connectionRequestCredentials = (device: LiveDevice): Credentials => ({
  username: device.managementServer('ConnectionRequestUsername'),
  password: device.managementServer('ConnectionRequestPassword'),
});
