// Reads what the ACS sent, with a namespace-aware parser and nothing of the gateway's own: an envelope that is wrong by
// the letter is wrong here too. What a lenient device would overlook is noted by soap-complaints.ts.
import { SaxesParser } from 'saxes';

export interface Element {
  readonly prefix: string;
  readonly local: string;
  readonly uri: string;
  /** By their written name: `soap-enc:arrayType`. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly children: readonly Element[];
  /** The text between the tags; of an element with children, whatever stood between these. */
  readonly text: string;
}
export interface Attribute {
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

export interface Envelope {
  readonly text: string;
  readonly root: Element;
  readonly header: Element | undefined;
  /** The RPC, its response, or a Fault. */
  readonly content: Element;
  /** '' when there is none. */
  readonly id: string;
  readonly holdRequests: boolean;
  /** The CWMP namespace declared on the envelope, '' when there is none. */
  readonly cwmpNamespace: string;
  readonly encodingPrefix: string;
}
export type ReadResult =
  { readonly ok: true; readonly envelope: Envelope } | { readonly ok: false; readonly reason: string };

export const ENVELOPE_NAMESPACE = 'http://schemas.xmlsoap.org/soap/envelope/';
export const ENCODING_NAMESPACE = 'http://schemas.xmlsoap.org/soap/encoding/';
export const SCHEMA_NAMESPACE = 'http://www.w3.org/2001/XMLSchema';
export const INSTANCE_NAMESPACE = 'http://www.w3.org/2001/XMLSchema-instance';
export const CWMP_NAMESPACE = 'urn:dslforum-org:cwmp-1-';

interface Draft {
  prefix: string;
  local: string;
  uri: string;
  attributes: Map<string, Attribute>;
  children: Draft[];
  text: string;
}

function parse(text: string): Element | string {
  const parser = new SaxesParser({ xmlns: true, fragment: false });
  const open: Draft[] = [];
  let root: Draft | undefined;
  let failure: string | undefined;
  parser.on('error', (error) => (failure ??= error.message));
  parser.on('opentag', (tag) => {
    const attributes = new Map<string, Attribute>();
    for (const [name, { local, uri, value }] of Object.entries(tag.attributes))
      attributes.set(name, { local, uri, value });
    const element: Draft = { prefix: tag.prefix, local: tag.local, uri: tag.uri, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const onText = (part: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return failure ?? root ?? 'there is no element';
}

export const childOf = (element: Element | undefined, local: string): Element | undefined =>
  element?.children.find((child) => child.local === local);
export const textOf = (element: Element | undefined, local: string): string | undefined =>
  childOf(element, local)?.text;

function encodingPrefixOf(root: Element): string {
  for (const { local, uri, value } of root.attributes.values()) {
    if (uri === 'http://www.w3.org/2000/xmlns/' && value === ENCODING_NAMESPACE) return local;
  }
  return '';
}

function cwmpNamespaceOf(root: Element, content: Element): string {
  for (const { value } of root.attributes.values()) if (value.startsWith(CWMP_NAMESPACE)) return value;
  return content.uri.startsWith(CWMP_NAMESPACE) ? content.uri : '';
}

export function readEnvelope(text: string): ReadResult {
  const root = parse(text);
  if (typeof root === 'string') return { ok: false, reason: `not well-formed: ${root}` };
  if (root.local !== 'Envelope' || root.uri !== ENVELOPE_NAMESPACE)
    return { ok: false, reason: 'not a SOAP 1.1 envelope' };
  const body = childOf(root, 'Body');
  const [content, ...more] = body?.children ?? [];
  if (content === undefined) return { ok: false, reason: 'the SOAP body is empty' };
  if (more.length > 0) return { ok: false, reason: 'the SOAP body has more than one element' };
  const header = childOf(root, 'Header');
  return {
    ok: true,
    envelope: {
      text,
      root,
      header,
      content,
      id: textOf(header, 'ID') ?? '',
      holdRequests: /^\s*(1|true)\s*$/.test(textOf(header, 'HoldRequests') ?? ''),
      cwmpNamespace: cwmpNamespaceOf(root, content),
      encodingPrefix: encodingPrefixOf(root),
    },
  };
}
