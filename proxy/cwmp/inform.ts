// An Inform that was let in: saved by the device room before it is answered, or refused with a fault that says why.
import type { Shown } from '../device/credentials/due.ts';
import type { Arrival } from '../device/inform.ts';
import type { DeviceRoom, InformVerdict } from '../device/room.ts';
import type { DeviceSession } from '../device/session.ts';
import { CausewayError, isStoreError } from '../errors.ts';
import type { InformRequest } from '../rpc/inform.ts';
import type { Envelope } from '../soap/envelope.ts';
import type { PassedAnswer } from './http-post.ts';
import type { Relay } from './upstream/relay.ts';
import { writeAcsResponse, writeFault, type WriteOutcome } from '../soap/write-envelope.ts';

export interface Informing {
  readonly inform: InformRequest;
  readonly envelope: Envelope;
  readonly sourceAddress: string;
  /** Whose devices come to its listener; undefined where anybody's do. */
  readonly tenant?: string | undefined;
  readonly username: string;
  readonly shown: Shown | undefined;
}
export interface OpenedSession {
  readonly kind: 'open';
  readonly device: DeviceSession;
  readonly response: string;
  /** Chain mode: the CPE's session with the ACS behind us, and what that answered in place of our response. */
  readonly relay?: Relay;
  readonly passed?: PassedAnswer;
}
export type Opened =
  | OpenedSession
  | { readonly kind: 'refused'; readonly reason: string; readonly fault: string }
  | { readonly kind: 'store-away' };

type Refusal = Extract<InformVerdict, { readonly kind: 'refused' }>['reason'];

/** TR-069 A.5.2: request denied, invalid arguments, resources exceeded. */
const REFUSALS: Readonly<Record<Refusal, { readonly FaultCode: 8001 | 8003 | 8004; readonly FaultString: string }>> = {
  'empty-serial': { FaultCode: 8003, FaultString: 'DeviceId has no SerialNumber' },
  'identity-too-long': { FaultCode: 8003, FaultString: 'a field of DeviceId is too long' },
  'other-tenant': { FaultCode: 8001, FaultString: 'the device belongs elsewhere' },
  'not-enrolled': { FaultCode: 8001, FaultString: 'the device is not enrolled' },
  'lacks-own-credentials': { FaultCode: 8001, FaultString: 'the device has credentials of its own' },
  'registry-full': { FaultCode: 8004, FaultString: 'no further device is taken (setting registry.cap)' },
};

/** In the words of the device room. */
export function arrivalOf({ inform, envelope, sourceAddress, tenant, username, shown }: Informing): Arrival {
  const { style, sessionTimeout } = envelope;
  return {
    inform,
    cwmpVersion: style.cwmpVersion,
    sourceAddress,
    tenant,
    username,
    shown,
    sessionTimeoutMs: sessionTimeout === undefined || sessionTimeout <= 0 ? undefined : sessionTimeout * 1000,
  };
}

export async function openSession(room: DeviceRoom, informing: Informing): Promise<Opened> {
  const { style, id } = informing.envelope;
  try {
    const verdict = await room.inform(arrivalOf(informing));
    if (verdict.kind === 'refused') {
      const fault = writeFault(style, id, { ...REFUSALS[verdict.reason], SetParameterValuesFault: [] });
      return { kind: 'refused', reason: verdict.reason, fault: textOf(fault) };
    }
    // TR-069 A.3.3.1: one envelope at a time.
    const response = writeAcsResponse(style, id, 'Inform', { MaxEnvelopes: 1 });
    return { kind: 'open', device: verdict.session, response: textOf(response) };
  } catch (error) {
    // Nothing is wrong with the CPE, which gets 503 and comes again.
    if (isStoreError(error)) return { kind: 'store-away' };
    throw error;
  }
}

/** What we write ourselves holds nothing that XML cannot carry; 200 without a body must never go out (quirk 5). */
function textOf(written: WriteOutcome): string {
  if (written.ok) return written.text;
  throw new CausewayError('CAUSEWAY_BUG', `an answer cannot be written: ${written.reason} in ${written.field}`);
}
