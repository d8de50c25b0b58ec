// What a Disconnect Record says of each refusal (R-MTP.9), by the reason that is counted.
import { codes } from '../usp/codes.ts';

export const DISCONNECTS = {
  /** R-E2E.6a. */
  'session-context': {
    reason: 'session contexts are not allowed (E2ESession.SessionMode)',
    reason_code: codes.sessionContextNotAllowed,
  },
  'session-security': {
    reason: 'TLS of the payload is not supported',
    reason_code: codes.secureSessionNotSupported,
  },
  'payload-security': {
    reason: 'a secured payload needs a session context',
    reason_code: codes.invalidRecordValue,
  },
} as const;
