// What is answered to one datagram at the STUN server: a Binding Response that tells the CPE which address and port its
// NAT shows to the world, an error that says why not, or nothing. Pure; the answer is never longer than 128 bytes.
import { equalsInConstantTime } from '../../authentication/constant-time.ts';
import { readEndpoint, writeEndpoint, writeXorEndpoint, type Endpoint } from './address.ts';
import { provenForm, writeProvenMessage, type IntegrityForm } from './integrity.ts';
import {
  ATTRIBUTES,
  attributeOf,
  MESSAGE_TYPES,
  readMessage,
  writeMessage,
  type NewAttribute,
  type NotStun,
  type StunMessage,
} from './message.ts';

export interface StunCredentials {
  readonly username: string;
  readonly password: string;
}

export type StunError = 400 | 401 | 420 | 430 | 431 | 432;

export type BindingAnswer =
  | { readonly kind: 'ignored'; readonly reason: NotStun | 'no-request' }
  | { readonly kind: 'refused'; readonly error: StunError; readonly answer: Buffer; readonly to: Endpoint }
  | {
      readonly kind: 'bound';
      readonly answer: Buffer;
      readonly to: Endpoint;
      /** The CPE listens for UDP Connection Requests at this binding (CONNECTION-REQUEST-BINDING). */
      readonly listens: boolean;
    };

/** `dslforum.org/TR-111 `, of which some CPEs leave the last blank out. */
const LISTENS = 'dslforum.org/TR-111';
/** An answer with more would be long, and whoever sends that many reads none. */
const UNKNOWN_TOLD = 8;

const REASONS: Readonly<Record<StunError, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  420: 'Unknown Attribute',
  430: 'Stale Credentials',
  431: 'Integrity Check Failure',
  432: 'Missing Username',
};

const UNDERSTOOD: ReadonlySet<number> = new Set(Object.values(ATTRIBUTES));

/** `credentials`: what every request must prove; undefined: nothing is asked, and what is offered is not looked at. */
export function answerBinding(
  datagram: Buffer,
  source: Endpoint,
  credentials: StunCredentials | undefined,
): BindingAnswer {
  const read = readMessage(datagram);
  if (!read.ok) return { kind: 'ignored', reason: read.reason };
  const { message } = read;
  // Answers and indications are not answered, or two servers could keep each other busy.
  if (message.type !== MESSAGE_TYPES.bindingRequest) return { kind: 'ignored', reason: 'no-request' };
  const admitted = admit(message, credentials);
  if (typeof admitted === 'number') return refuse(message, source, admitted);
  const unknown = notServed(message, source);
  if (unknown.length > 0) return refuse(message, source, 420, unknown);
  return bind(message, source, admitted);
}

type Proof = { readonly form: IntegrityForm; readonly password: string } | undefined;

/** The proof to answer with, or the error (RFC 3489 §8.1, RFC 5389 §10.1.2). */
function admit(message: StunMessage, credentials: StunCredentials | undefined): Proof | StunError {
  if (credentials === undefined) return undefined;
  const modern = message.dialect === 'rfc5389';
  if (attributeOf(message, ATTRIBUTES.messageIntegrity) === undefined) return 401;
  const username = attributeOf(message, ATTRIBUTES.username);
  if (username === undefined) return modern ? 400 : 432;
  // Annex G.2.1.1: CPEs fill the name up to a multiple of four.
  const name = username.value.toString('utf8').replace(/[ \0]+$/, '');
  if (!equalsInConstantTime(name, credentials.username)) return modern ? 401 : 430;
  const form = provenForm(message, credentials.password);
  if (form === undefined) return modern ? 401 : 431;
  return { form, password: credentials.password };
}

/** Attributes without which the request must not be answered as it wants. */
function notServed(message: StunMessage, source: Endpoint): readonly number[] {
  return message.attributes
    .filter(({ type, value }) => {
      if (type >= 0x8000) return false;
      // There is one address and one port here, so no answer can come from another.
      if (type === ATTRIBUTES.changeRequest) return value.some((byte) => byte !== 0);
      // A CPE asks for the answer at its other port, to learn how long its NAT remembers (Annex G.2.1.1). To another
      // address nothing is sent: that would let anybody point us at anybody.
      if (type === ATTRIBUTES.responseAddress) return readEndpoint(value)?.address !== source.address;
      return !UNDERSTOOD.has(type);
    })
    .map(({ type }) => type);
}

function bind(message: StunMessage, source: Endpoint, proof: Proof): BindingAnswer {
  const { transaction } = message;
  const attributes: NewAttribute[] = [
    message.dialect === 'rfc5389'
      ? { type: ATTRIBUTES.xorMappedAddress, value: writeXorEndpoint(source, transaction) }
      : { type: ATTRIBUTES.mappedAddress, value: writeEndpoint(source) },
  ];
  const elsewhere = readEndpoint(attributeOf(message, ATTRIBUTES.responseAddress)?.value ?? Buffer.alloc(0));
  if (elsewhere !== undefined) attributes.push({ type: ATTRIBUTES.reflectedFrom, value: writeEndpoint(source) });
  const answer =
    proof === undefined
      ? writeMessage(MESSAGE_TYPES.bindingResponse, transaction, attributes)
      : writeProvenMessage(MESSAGE_TYPES.bindingResponse, transaction, attributes, proof);
  const binding = attributeOf(message, ATTRIBUTES.connectionRequestBinding)?.value.toString('latin1') ?? '';
  return {
    kind: 'bound',
    answer,
    to: elsewhere ?? source,
    listens: elsewhere === undefined && binding.startsWith(LISTENS),
  };
}

function refuse(
  message: StunMessage,
  source: Endpoint,
  error: StunError,
  unknown: readonly number[] = [],
): BindingAnswer {
  const reason = REASONS[error];
  // RFC 3489 wants multiples of four: the text is filled up with blanks, and one attribute of an odd number told twice.
  const code = Buffer.from(`\0\0\0\0${reason.padEnd(Math.ceil(reason.length / 4) * 4)}`, 'latin1');
  code.writeUInt8(Math.floor(error / 100), 2);
  code.writeUInt8(error % 100, 3);
  const attributes: NewAttribute[] = [{ type: ATTRIBUTES.errorCode, value: code }];
  if (unknown.length > 0) {
    const told = unknown.slice(0, UNKNOWN_TOLD);
    const even = told.length % 2 === 0 ? told : [...told, ...told.slice(-1)];
    const value = Buffer.alloc(2 * even.length);
    for (const [index, type] of even.entries()) value.writeUInt16BE(type, 2 * index);
    attributes.push({ type: ATTRIBUTES.unknownAttributes, value });
  }
  const answer = writeMessage(MESSAGE_TYPES.bindingErrorResponse, message.transaction, attributes);
  return { kind: 'refused', error, answer, to: source };
}
