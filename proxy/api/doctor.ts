// The doctor: step by step, why a device can or cannot be reached (promise 2). It asks the CPE to come, once.
import type { DeviceRoom } from '../device/room.ts';
import type { Clock } from '../operate/clock.ts';
import type { DeviceRecord } from '../store/device-steps.ts';

export interface DoctorStep {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}
export interface Diagnosis {
  readonly device: string;
  readonly reachable: boolean;
  readonly steps: readonly DoctorStep[];
}

const age = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
};

export async function examine(device: DeviceRecord, room: DeviceRoom, clock: Clock): Promise<Diagnosis> {
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
  const done = (reachable: boolean): Diagnosis => ({ device: device.key.device, reachable, steps });
  if (device.owner !== undefined) {
    steps.push({ what: 'session', ok: true, detail: 'open now: a request is on the wire at once' });
    return done(true);
  }
  steps.push({ what: 'session', ok: true, detail: 'none: the device has to be called' });
  if (quiet !== undefined && quiet.until > now) {
    const detail = `not called until ${new Date(quiet.until).toISOString()}: ${quiet.reason} under way`;
    steps.push({ what: 'quiet', ok: false, detail });
    return done(false);
  }
  const result = await room.probe(device);
  for (const { at, what, detail } of result.trace) steps.push({ what: `+${at} ms ${what}`, ok: true, detail });
  steps.push({ what: `Connection Request: ${result.outcome}`, ok: result.accepted, detail: result.detail });
  if (result.accepted) {
    steps.push({
      what: 'Inform',
      ok: result.arrived,
      detail: result.arrived ? 'the device came' : 'the device accepted the Connection Request and sent no Inform',
    });
  }
  return done(result.arrived);
}
