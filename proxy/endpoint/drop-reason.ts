// Why a Record was ignored or refused: one of these is counted for each.
import type { SessionDrop } from './session-context/context.ts';
import type { SignatureFault } from '../usp/record-signature.ts';

export type DropReason =
  /** No Record could be extracted (R-WS.16, R-ENC.4). */
  | 'not-a-record'
  /** from_id is not the Endpoint ID that the transport proved (R-SEC.0a). */
  | 'from-id-mismatch'
  /** from_id and to_id are the same (R-ARC.0). */
  | 'own-id'
  /** No Agent of the connection has this Endpoint ID (R-E2E.1). */
  | 'unknown-to-id'
  /** The device runs a USP Agent of its own (`usp.native`). */
  | 'native-agent'
  /** An enumeration has a value that we do not know (R-ENC.2); a request gets an Error. */
  | 'unknown-value'
  | 'no-payload'
  /** It is signed, and no certificates are trusted (`usp.trust`). */
  | 'signed'
  /** It is signed, and the signature is not good (R-E2E.30). */
  | `signature-${SignatureFault}`
  /** Answered with a Disconnect Record. */
  | 'payload-security'
  /** The Controller's row forbids a Session Context. */
  | 'session-context'
  /** TLS of the payload, in a Session Context. */
  | 'session-security'
  /** Ignored, in a Session Context. */
  | SessionDrop
  /** It came outside of the Session Context that the Controller's row requires. */
  | 'session-required'
  /** Nothing in it says that it is a request (R-MTP.5). */
  | 'unreadable-msg'
  /** A request that breaks the rules of its encoding: answered with an Error (R-ENC.5, R-MSG.1). */
  | 'bad-request'
  /** A Response that nobody asked for. */
  | 'not-a-request'
  /** A request with the msg_id of one that is not answered yet (R-MSG.4). */
  | 'duplicate'
  | 'connect-record'
  | 'disconnect-record';
