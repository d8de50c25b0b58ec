// From text to a typed message, or to the reason why not.
import { ACS_METHODS, CPE_METHODS, isAcsMethod, isCpeMethod } from '../rpc/methods.ts';
import type { ElementCursor, NamespaceDeclaration } from './cursor.ts';
import type { Envelope, Message, RequestMessage, ResponseMessage } from './envelope.ts';
import { readFault } from './read-fault.ts';
import { findMissing, readFields } from './read-fields.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import { readBoolean, readInteger } from './scalars.ts';
import { styleOf } from './style.ts';
import { Tokenizer } from './tokenizer.ts';

export type ReadOutcome = { readonly ok: true; readonly envelope: Envelope } | ({ readonly ok: false } & Refusal);

export interface ReadOptions {
  /** Longer texts are refused unread. */
  readonly maxCharacters?: number;
}

/** Ten times the largest body seen in the field stays far below it (quirk 32). */
const MAX_CHARACTERS = 16 * 1024 * 1024;
/** A response's name without `Response`. */
const RESPONSE = 'Response';
/** What an unknown element may contribute to a log line. */
const LONGEST_UNKNOWN_NAME = 64;

const refuse = (reason: RefusalReason, detail: string): ReadOutcome => ({ ok: false, reason, detail });

interface Header {
  id?: string;
  sessionTimeout?: number;
  noMoreRequests?: boolean;
  holdRequests?: boolean;
}

/** Fills in `header`; the result is the content of SupportedCWMPVersions. */
function readHeader(cursor: ElementCursor, header: Header): string {
  let supportedVersions = '';
  while (cursor.child()) {
    if (cursor.isNamed('ID')) header.id = cursor.text();
    else if (cursor.isNamed('SessionTimeout')) header.sessionTimeout = readInteger(cursor.text());
    else if (cursor.isNamed('NoMoreRequests')) header.noMoreRequests = readBoolean(cursor.text());
    else if (cursor.isNamed('HoldRequests')) header.holdRequests = readBoolean(cursor.text());
    else if (cursor.isNamed('SupportedCWMPVersions')) supportedVersions = cursor.text();
    else cursor.skip();
  }
  return supportedVersions;
}

/** The message whose element is open, or the name of an element that it lacks. */
function readMessage(cursor: ElementCursor): { readonly message: Message } | { readonly missing: string } {
  const name = cursor.localName;
  if (name === 'Fault') return { message: { kind: 'fault', fault: readFault(cursor) } };
  // In both casts below the value was read by the fields of the very method that it is paired with.
  if (isAcsMethod(name)) {
    const fields = ACS_METHODS[name].request;
    const value = readFields(cursor, fields);
    const missing = findMissing(fields, value);
    if (missing !== undefined) return { missing: `${name}/${missing}` };
    return { message: { kind: 'request', method: name, value } as RequestMessage };
  }
  const method = name.endsWith(RESPONSE) ? name.slice(0, -RESPONSE.length) : '';
  if (isCpeMethod(method)) {
    const value = readFields(cursor, CPE_METHODS[method].response);
    return { message: { kind: 'response', method, value } as ResponseMessage };
  }
  cursor.skip();
  return { message: { kind: 'unknown', name: name.slice(0, LONGEST_UNKNOWN_NAME) } };
}

/**
 * Reads the document from its root element to its end. A refusal of the cursor's own shows in the cursor and comes
 * first: a document that breaks off has no Body either.
 */
export function interpretEnvelope(cursor: ElementCursor): ReadOutcome {
  if (!cursor.child() || !cursor.isNamed('Envelope')) {
    cursor.skip();
    cursor.child();
    return refuse('no-envelope', 'the root element is no Envelope');
  }
  const prefix = cursor.prefix;
  const namespaces: NamespaceDeclaration[] = [...cursor.namespaces()];
  const header: Header = {};
  let supportedVersions = '';
  let body: ReturnType<typeof readMessage> | 'empty' | undefined;
  while (cursor.child()) {
    if (cursor.isNamed('Header')) {
      supportedVersions = readHeader(cursor, header);
    } else if (cursor.isNamed('Body') && body === undefined) {
      body = 'empty';
      namespaces.push(...cursor.namespaces());
      // One message a Body; what follows it can only be values that SOAP moved out of it, which no CPE does.
      while (cursor.child()) {
        namespaces.push(...cursor.namespaces());
        if (body === 'empty') body = readMessage(cursor);
        else cursor.skip();
      }
    } else {
      cursor.skip();
    }
  }
  cursor.child();
  if (body === undefined) return refuse('no-body', 'the Envelope has no Body');
  if (body === 'empty') return refuse('empty-body', 'the Body has no message');
  if ('missing' in body) return refuse('missing-element', body.missing);
  const style = styleOf({ prefix, namespaces, supportedVersions });
  return { ok: true, envelope: { ...header, style, message: body.message } };
}

/** Reads what a CPE has sent, strictly; pure, never throws. `text` comes from `decodeBody`. */
export function readEnvelope(text: string, options: ReadOptions = {}): ReadOutcome {
  const most = options.maxCharacters ?? MAX_CHARACTERS;
  if (text.length > most) return refuse('too-large', `${text.length} characters, ${most} allowed`);
  const tokens = new Tokenizer(text);
  const outcome = interpretEnvelope(tokens);
  return tokens.refusal === undefined ? outcome : { ok: false, ...tokens.refusal };
}
