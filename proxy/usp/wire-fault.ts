// What can be wrong with bytes that should be a Record or a Msg. A fault is thrown inside the reader, through any depth of
// messages, and is caught where reading began: decodeRecord and decodeMsg return it as a value.

export type Fault =
  /** Not this schema's protobuf: cut off, a bad length, text that is not UTF-8, a part that must stand once standing twice. */
  | 'malformed'
  /** More bytes, or more items in them, than the limits allow. */
  | 'too-large'
  /** A part that must be there is not (R-MSG.6, R-MSG.7, R-ENC.3). */
  | 'missing'
  /** Two members of a oneof, or one twice (R-ENC.3). */
  | 'ambiguous'
  /** None of a oneof's members that we know, but a field that we do not: a newer version's. */
  | 'unknown-member'
  /** A number that the enumeration does not have (R-ENC.2). */
  | 'unknown-enum';

export class WireFault extends Error {
  readonly fault: Fault;

  /** `detail` is for a log or an err_msg; it quotes nothing of the message. */
  constructor(fault: Fault, detail: string) {
    super(detail);
    this.name = 'WireFault';
    this.fault = fault;
  }
}

/** What the reader's UTF-8 decoder throws. */
const notUtf8 = (cause: unknown): boolean =>
  cause instanceof TypeError && 'code' in cause && cause.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

/**
 * The fault behind an exception of the reader. protobufjs throws RangeError for a cut, and a bare Error for a varint or a
 * group that cannot be; what is none of these is a bug of ours and is thrown on.
 */
export function faultOf(cause: unknown): { readonly fault: Fault; readonly detail: string } {
  if (cause instanceof WireFault) return { fault: cause.fault, detail: cause.message };
  if (notUtf8(cause)) return { fault: 'malformed', detail: 'a text is not UTF-8' };
  if (cause instanceof RangeError || (cause instanceof Error && cause.constructor === Error)) {
    return { fault: 'malformed', detail: `not protobuf: ${cause.message}` };
  }
  throw cause;
}
