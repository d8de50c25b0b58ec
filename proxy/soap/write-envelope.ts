// Documents for a CPE, in the form that every CPE seen so far has accepted: no XML declaration, no byte order mark, no
// white space, the first byte the < of Envelope; cwmp on the RPC's element, no prefix on its arguments (quirks 1, 2).
import type { Fields, ValuesOf } from '../rpc/field.ts';
import { faultFields, faultSide, type CwmpFault } from '../rpc/fault.ts';
import { ACS_METHODS, CPE_METHODS } from '../rpc/methods.ts';
import type { AcsMethodName, AcsResponse, CpeMethodName, CpeRequest } from '../rpc/methods.ts';
import { escapeText } from './escape.ts';
import type { EnvelopeStyle } from './style.ts';
import { writeFields, type WriteRefusal, type Writing } from './write-fields.ts';

/** A refusal never comes with a text: a document is whole, or there is none. */
export type WriteOutcome = { readonly ok: true; readonly text: string } | ({ readonly ok: false } & WriteRefusal);

function openTag({ envelope, encoding, cwmpVersion }: EnvelopeStyle): string {
  return (
    `<${envelope}:Envelope xmlns:${envelope}="http://schemas.xmlsoap.org/soap/envelope/"` +
    ` xmlns:${encoding}="http://schemas.xmlsoap.org/soap/encoding/"` +
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
    ` xmlns:cwmp="urn:dslforum-org:cwmp-1-${cwmpVersion}">`
  );
}

function headerOf(writing: Writing, id: string | undefined, useCwmpVersion: string | undefined): string {
  const must = `${writing.style.envelope}:mustUnderstand="1"`;
  const text = escapeText(id ?? '');
  if (text === undefined) writing.refusal = { reason: 'unwritable-character', field: 'ID' };
  const version =
    useCwmpVersion === undefined ? '' : `<cwmp:UseCWMPVersion ${must}>${useCwmpVersion}</cwmp:UseCWMPVersion>`;
  return (id === undefined ? '' : `<cwmp:ID ${must}>${text ?? ''}</cwmp:ID>`) + version;
}

interface Parts {
  readonly style: EnvelopeStyle;
  readonly id: string | undefined;
  readonly useCwmpVersion?: string | undefined;
  readonly body: (writing: Writing) => string;
}

function write({ style, id, useCwmpVersion, body }: Parts): WriteOutcome {
  const writing: Writing = { style };
  const { envelope } = style;
  const header = headerOf(writing, id, useCwmpVersion);
  const text = `${openTag(style)}<${envelope}:Header>${header}</${envelope}:Header><${envelope}:Body>${body(writing)}</${envelope}:Body></${envelope}:Envelope>`;
  return writing.refusal === undefined ? { ok: true, text } : { ok: false, ...writing.refusal };
}

const elementOf = <F extends Fields>(writing: Writing, name: string, fields: F, values: ValuesOf<F>): string =>
  `<cwmp:${name}>${writeFields(writing, fields, values)}</cwmp:${name}>`;

/** A call of one of the CPE's methods. The CPE echoes `id`; undefined leaves the header out. */
export function writeCpeRequest<N extends CpeMethodName>(
  style: EnvelopeStyle,
  id: string | undefined,
  method: N,
  request: CpeRequest<N>,
): WriteOutcome {
  return write({ style, id, body: (writing) => elementOf(writing, method, CPE_METHODS[method].request, request) });
}

/** The answer to a call of the CPE's; `id` is the one that came with the call. */
export function writeAcsResponse<N extends AcsMethodName>(
  style: EnvelopeStyle,
  id: string | undefined,
  method: N,
  response: AcsResponse<N>,
): WriteOutcome {
  return write({
    style,
    id,
    useCwmpVersion: method === 'Inform' ? style.useCwmpVersion : undefined,
    body: (writing) => elementOf(writing, `${method}Response`, ACS_METHODS[method].response, response),
  });
}

/** The refusal of a call of the CPE's, in the shape of TR-069 §3.5. */
export function writeFault(style: EnvelopeStyle, id: string | undefined, fault: CwmpFault): WriteOutcome {
  const open = `<${style.envelope}:Fault><faultcode>${faultSide(fault.FaultCode)}</faultcode><faultstring>CWMP fault</faultstring>`;
  const close = `</${style.envelope}:Fault>`;
  return write({
    style,
    id,
    body: (writing) => `${open}<detail>${elementOf(writing, 'Fault', faultFields, fault)}</detail>${close}`,
  });
}
