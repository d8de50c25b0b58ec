// Writes envelopes in a dialect. Pure.
import type { CwmpVersion, SoapDialect } from './dialect.ts';
import { blameOf, type Fault } from './faults.ts';
import type { Content, List, Value } from './soap-content.ts';
import { CWMP_NAMESPACE, ENCODING_NAMESPACE, ENVELOPE_NAMESPACE } from './soap-read.ts';

export interface EnvelopeOptions {
  readonly dialect: SoapDialect;
  /** The n of urn:dslforum-org:cwmp-1-n. */
  readonly cwmpVersion: CwmpVersion;
  readonly envelopePrefix: string;
  readonly id: string;
  /** Seconds of silence this CPE bears, in the header of an Inform (cwmp-1-3). */
  readonly sessionTimeout?: number;
}

/** What the body holds: an RPC or a response by its element's name, or a fault. */
export type Body = { readonly kind: 'rpc'; readonly name: string; readonly content: readonly Content[] } | Fault;

export const escapeXml = (text: string): string => text.replace(/[&<>"\r]/g, (found) => `&#${found.charCodeAt(0)};`);

interface Markup {
  readonly tag: string;
  readonly attributes: string;
  readonly children: readonly (Markup | string)[];
}

export function writeEnvelope(body: Body, options: EnvelopeOptions): string {
  const { dialect, envelopePrefix: prefix } = options;
  const schema = `http://www.w3.org/${dialect.schemaYear}/XMLSchema`;
  const namespaces = [
    [prefix, ENVELOPE_NAMESPACE],
    [dialect.encodingPrefix, ENCODING_NAMESPACE],
    ['xsd', schema],
    ['xsi', `${schema}-instance`],
    ['cwmp', `${CWMP_NAMESPACE}${options.cwmpVersion}`],
  ];
  const understand = ` ${prefix}:mustUnderstand="1"`;
  const header = [markup('cwmp:ID', [options.id], understand)];
  if (options.sessionTimeout !== undefined) {
    header.push(markup('cwmp:SessionTimeout', [String(options.sessionTimeout)], ` ${prefix}:mustUnderstand="0"`));
  }
  const envelope = markup(
    `${prefix}:Envelope`,
    [markup(`${prefix}:Header`, header), markup(`${prefix}:Body`, [bodyMarkup(body, dialect, prefix)])],
    namespaces.map(([name = '', uri = '']) => ` xmlns:${name}="${uri}"`).join(''),
  );
  return dialect.declaration + render(envelope, dialect, 0);
}

const markup = (tag: string, children: readonly (Markup | string)[], attributes = ''): Markup => ({
  tag,
  attributes,
  children,
});

function bodyMarkup(body: Body, dialect: SoapDialect, prefix: string): Markup {
  if (body.kind === 'fault') return faultMarkup(body, dialect, prefix);
  return markup(
    `cwmp:${body.name}`,
    body.content.map((content) => contentMarkup(content, body.name, dialect)),
  );
}

function faultMarkup(fault: Fault, dialect: SoapDialect, prefix: string): Markup {
  const { parameters } = fault;
  const named = dialect.parameterFaults === 'names' && parameters.length > 0;
  const listed = dialect.parameterFaults === 'all' ? parameters : named ? [] : parameters.slice(0, 1);
  const cwmpFault = markup('cwmp:Fault', [
    markup('FaultCode', [String(named ? (parameters[0]?.code ?? fault.code) : fault.code)]),
    markup('FaultString', [named ? `${fault.text}: ${parameters.map(({ name }) => name).join(', ')}` : fault.text]),
    ...listed.map(({ name, code, text }) =>
      markup('SetParameterValuesFault', [
        markup('ParameterName', [name]),
        markup('FaultCode', [String(code)]),
        markup('FaultString', [text]),
      ]),
    ),
  ]);
  const detail = markup('detail', [cwmpFault]);
  return markup(`${named ? 'soap' : prefix}:Fault`, [
    markup('faultcode', [blameOf(fault.code)]),
    ...(dialect.detailInFaultstring
      ? [markup('faultstring', [detail])]
      : [markup('faultstring', ['CWMP fault']), detail]),
  ]);
}

function contentMarkup(content: Content, parent: string, dialect: SoapDialect): Markup {
  const { name } = content;
  const habit = dialect.typedElements.get(`${parent}/${name}`);
  const attributes = habit === undefined ? '' : ` xsi:type="${habit}"`;
  switch (content.kind) {
    case 'text':
      return markup(name, [content.text], attributes);
    case 'value':
      return markup(name, [spellValue(content.text, content.type, dialect)], ` xsi:type="${typeName(content.type)}"`);
    case 'flag':
      return markup(name, [spellBoolean(content.value, dialect)], attributes);
    case 'moment':
      return markup(name, [spellTime(content.at, dialect)], attributes);
    case 'struct':
      return markup(
        name,
        content.children.map((child) => contentMarkup(child, name, dialect)),
        attributes,
      );
    case 'list':
      return markup(
        name,
        content.items.map((item) => contentMarkup(item, name, dialect)),
        arrayType(content, dialect),
      );
  }
}

function arrayType({ name, itemType, items }: List, dialect: SoapDialect): string {
  const count = items.length;
  if (count === 0 && dialect.untypedWhenEmpty.includes(name)) return '';
  const type = itemType === 'string' ? dialect.stringArrayType : `cwmp:${itemType}`;
  return ` ${dialect.encodingPrefix}:arrayType="${type}[${String(count).padStart(dialect.countDigits, '0')}]"`;
}

/** XML Schema's name for a type; `object` is no type of any schema, and the program that writes it gives it no prefix. */
function typeName(type: Value['type']): string {
  if (type === 'object') return type;
  return type === 'base64' ? 'xsd:base64Binary' : `xsd:${type}`;
}

const spellBoolean = (on: boolean, { booleans }: SoapDialect): string =>
  booleans === 'words' ? String(on) : on ? '1' : '0';

const spellValue = (text: string, type: string, dialect: SoapDialect): string =>
  type === 'boolean' && (text === 'true' || text === 'false') ? spellBoolean(text === 'true', dialect) : text;

function spellTime(at: number | undefined, { times, unknownTime }: SoapDialect): string {
  if (at === undefined) return unknownTime;
  const precise = new Date(at).toISOString();
  const seconds = precise.slice(0, 19);
  switch (times) {
    case 'zulu':
      return `${seconds}Z`;
    case 'offset':
      return `${seconds}+00:00`;
    case 'zoneless':
      return seconds;
    case 'milliseconds':
      return precise;
    case 'microseconds':
      return `${precise.slice(0, -1)}000`;
  }
}

function render(element: Markup, dialect: SoapDialect, depth: number): string {
  const { tag, attributes, children } = element;
  const [first] = children;
  if (first === undefined || (children.length === 1 && first === '')) {
    return dialect.emptyElement === 'pair'
      ? `<${tag}${attributes}></${tag}>`
      : `<${tag}${attributes}${dialect.emptyElement}`;
  }
  if (typeof first === 'string') return `<${tag}${attributes}>${escapeXml(first)}</${tag}>`;
  const lead = dialect.layout === 'dense' ? '' : dialect.layout === 'lines' ? '\n' : `\n${'  '.repeat(depth + 1)}`;
  const trail = dialect.layout === 'indented' ? lead.slice(0, -2) : lead;
  let inner = '';
  for (const child of children)
    inner += lead + (typeof child === 'string' ? escapeXml(child) : render(child, dialect, depth + 1));
  return `<${tag}${attributes}>${inner}${trail}</${tag}>`;
}
