// The doctor: step by step, why a device can or cannot be reached (promise 2). It asks the CPE to come, once by
// each way that there is until one works.
import type { DeviceRoom } from '../device/room.ts';
import type { WakeOutcome } from '../device/settings.ts';
import type { Clock } from '../operate/clock.ts';
import type { DeviceRecord } from '../store/device-steps.ts';

export interface DoctorStep {
  readonly what: string;
  /** False for what failed, though a later try may have made it good. */
  readonly ok: boolean;
  readonly detail: string;
  /** How the calling ended, by the name under which `connection_request` counts it; `quiet`: it was not tried. */
  readonly outcome?: string;
}
export interface Diagnosis {
  readonly device: string;
  readonly reachable: boolean;
  readonly steps: readonly DoctorStep[];
}

const SILENT = 'the device accepted the Connection Request and sent no Inform';
const LOST = 'the Connection Request was sent, and no Inform came';

/** What a way is called, where that is not simply a Connection Request. */
const NAMES: Readonly<Record<string, string>> = { udp: 'UDP Connection Request', xmpp: 'XMPP Connection Request' };

const age = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
};

/** `hasStun`: whether `stun.listen` is set. */
export async function examine(
  device: DeviceRecord,
  room: DeviceRoom,
  clock: Clock,
  hasStun: boolean,
): Promise<Diagnosis> {
  const now = clock.now();
  const { facts, quiet, waiting } = device;
  const steps: DoctorStep[] = [
    {
      what: 'known',
      ok: true,
      detail: `first seen ${new Date(device.createdAt).toISOString()}, root ${facts.root || 'not known yet'}`,
    },
    {
      what: 'last Inform',
      ok: true,
      detail: `${age(now - device.informAt)} from ${facts.sourceAddress}: ${device.informEvents.join(', ') || 'no events'}`,
    },
    { what: 'mailbox', ok: true, detail: waiting === 0 ? 'nothing waits' : `${waiting} requests wait or run` },
  ];
  const { nativeAgent } = device.tree ?? {};
  if (nativeAgent !== undefined) {
    const detail = `it runs ${nativeAgent} itself: with usp.native refuse it has no Agent here, and is managed by CWMP only`;
    steps.push({ what: 'USP Agent of its own', ok: true, detail });
  }
  const done = (reachable: boolean): Diagnosis => ({ device: device.key.device, reachable, steps });
  if (device.owner !== undefined) {
    steps.push({ what: 'session', ok: true, detail: 'open now: a request is on the wire at once' });
    return done(true);
  }
  steps.push({ what: 'session', ok: true, detail: 'none: the device has to be called' });
  if (quiet !== undefined && quiet.until > now) {
    const detail = `not called until ${new Date(quiet.until).toISOString()}: ${quiet.reason} under way`;
    steps.push({ what: 'quiet', ok: false, detail, outcome: 'quiet' });
    return done(false);
  }
  steps.push(...udpSteps(facts, hasStun));
  const result = await room.probe(device);
  for (const before of result.earlier ?? []) steps.push(...attemptSteps(before, false));
  steps.push(...attemptSteps(result, result.arrived));
  return done(result.arrived);
}

const NO_STUN = 'the device uses STUN, but stun.listen is not set here: it cannot be called by UDP';

/** Where the CPE says that it listens by UDP; said apart where that is not where its Informs come from. */
function udpSteps(
  { UDPConnectionRequestAddress, NATDetected, sourceAddress }: DeviceRecord['facts'],
  hasStun: boolean,
): DoctorStep[] {
  const nat = /^(true|1)$/i.test(NATDetected.trim());
  if (!hasStun && (nat || UDPConnectionRequestAddress !== '')) return [{ what: 'STUN', ok: false, detail: NO_STUN }];
  if (UDPConnectionRequestAddress === '') return [];
  const host = UDPConnectionRequestAddress.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const told = `${UDPConnectionRequestAddress}, NAT detected: ${NATDetected || 'not reported'}`;
  const ok = host === sourceAddress;
  const detail = ok ? told : `${told}; its Informs come from ${sourceAddress}, which is another address`;
  return [{ what: 'UDP address', ok, detail }];
}

/** One way that was tried: what was done, how it ended and, where it was to bring an Inform, whether that came. */
function attemptSteps(attempt: WakeOutcome, arrived: boolean): DoctorStep[] {
  const { accepted, outcome, trace, detail } = attempt;
  const name = NAMES[attempt.way ?? ''] ?? 'Connection Request';
  const steps: DoctorStep[] = trace.map(({ at, what, detail }) => {
    // A pause follows a try that failed, and the last step says how it all ended; the others tell what was done.
    const ok = what === 'outcome' ? accepted : what !== 'wait';
    return { what: `+${at} ms ${what}`, ok, detail, ...(what === 'outcome' ? { outcome } : {}) };
  });
  steps.push({ what: `${name}: ${outcome}`, ok: accepted, detail, outcome });
  if (!accepted) return steps;
  const inform = arrived
    ? { what: 'Inform', ok: true, detail: 'the device came', outcome: 'arrived' }
    : {
        what: 'Inform',
        ok: false,
        detail: outcome === 'udp-sent' ? LOST : SILENT,
        outcome: `${outcome}-no-inform`,
      };
  return [...steps, inform];
}
