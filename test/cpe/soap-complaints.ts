// What a CPE in the field would stumble over in an envelope of the ACS, though this one reads on: each complaint is a
// rule that facts/cwmp-quirks.md drew from a real program. Tests of the gateway ask that there be none. Pure.
import { rpcs } from './rpcs/all.ts';
import {
  childOf,
  ENCODING_NAMESPACE,
  ENVELOPE_NAMESPACE,
  INSTANCE_NAMESPACE,
  type Element,
  type Envelope,
} from './soap-read.ts';

export interface Expectation {
  /** The envelope prefix this CPE wrote in this session. */
  readonly envelopePrefix: string;
  readonly encodingPrefix: string;
  /** The ID of the request this answers; undefined when it is a request of the ACS. */
  readonly answersId: string | undefined;
}

export function soapComplaints(envelope: Envelope, expected: Expectation): string[] {
  const { text, root, content } = envelope;
  const complaints: string[] = [];
  const complain = (wrong: boolean, complaint: string): void => {
    if (wrong) complaints.push(complaint);
  };
  complain(text.startsWith('<?'), 'there is an XML declaration (quirk 1)');
  complain(!text.startsWith('<'), 'the first byte is not the < of the envelope (quirk 1)');
  complain(
    root.prefix !== expected.envelopePrefix,
    `the envelope prefix is ${root.prefix}, ours ${expected.envelopePrefix} (quirk 2)`,
  );
  complain(
    envelope.encodingPrefix !== expected.encodingPrefix,
    `the encoding prefix is ${envelope.encodingPrefix}, ours ${expected.encodingPrefix} (quirk 2)`,
  );
  complain(envelope.cwmpNamespace === '', 'the envelope declares no CWMP namespace');
  complaints.push(...idComplaints(envelope, expected.answersId));
  if (content.uri !== ENVELOPE_NAMESPACE) {
    complain(content.prefix !== 'cwmp', `the RPC has the prefix "${content.prefix}", not cwmp (quirk 2)`);
    complaints.push(...orderComplaints(content));
    for (const child of content.children)
      complaints.push(...contentComplaints(child, `${content.local}/${child.local}`));
  }
  return complaints;
}

function idComplaints({ header, id }: Envelope, answersId: string | undefined): string[] {
  const element = childOf(header, 'ID');
  if (element === undefined || id === '') return ['there is no cwmp:ID in the header'];
  const complaints: string[] = [];
  const understand = [...element.attributes.values()].find(({ local }) => local === 'mustUnderstand');
  if (understand?.value !== '1' || understand.uri !== ENVELOPE_NAMESPACE)
    complaints.push('cwmp:ID lacks mustUnderstand="1"');
  if (answersId !== undefined && id !== answersId) complaints.push(`the ID is ${id}, the request had ${answersId}`);
  return complaints;
}

/** Elements of a known RPC out of the schema's order, or of none. */
function orderComplaints(content: Element): string[] {
  const fields = rpcs.get(content.local)?.fields;
  const names = content.children.map(({ local }) => local);
  return fields === undefined || names.join() === fields.join()
    ? []
    : [`${content.local} has the elements ${names.join(', ')}; the schema has ${fields.join(', ')}`];
}

/** Names of structs, as opposed to arrays, in the arguments of RPCs. */
const isStruct = (name: string): boolean => name.endsWith('Struct');

function contentComplaints(element: Element, path: string): string[] {
  const complaints: string[] = [];
  if (element.prefix !== '') complaints.push(`${path} has a prefix (quirk 2)`);
  const array = [...element.attributes.values()].find(
    ({ local, uri }) => local === 'arrayType' && uri === ENCODING_NAMESPACE,
  );
  const isArray = element.children.length > 0 && !isStruct(element.local);
  if (isArray && array === undefined) complaints.push(`${path} has no arrayType`);
  if (array !== undefined) {
    const [, type = '', count = ''] = /^([\w:-]+)\[(\d+)\]$/.exec(array.value) ?? [];
    if (count !== String(element.children.length))
      complaints.push(`${path} says ${array.value} and holds ${element.children.length}`);
    const [first] = element.children;
    const expected = first === undefined || first.local === 'string' ? 'xsd:string' : `cwmp:${first.local}`;
    if (type !== expected && element.children.length > 0)
      complaints.push(`${path} says ${array.value}, not ${expected}`);
  }
  if (element.local === 'Value') complaints.push(...typeComplaints(element, path));
  for (const child of element.children) complaints.push(...contentComplaints(child, `${path}/${child.local}`));
  return complaints;
}

function typeComplaints(element: Element, path: string): string[] {
  const type = [...element.attributes.values()].find(
    ({ local, uri }) => local === 'type' && uri === INSTANCE_NAMESPACE,
  );
  if (type === undefined) return [`${path} has no xsi:type`];
  return /^xsd:[A-Za-z0-9]+$/.test(type.value) ? [] : [`${path} has the type ${type.value}`];
}

/** What is wrong with the HTTP around an answer of the ACS. */
export function httpComplaints(status: number, rawHeaders: readonly string[], body: Buffer): string[] {
  const complaints: string[] = [];
  if (status === 200 && body.length === 0)
    complaints.push('200 with an empty body, where 204 ends a session (quirk 5)');
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const canonical = CANONICAL.find((known) => known.toLowerCase() === name.toLowerCase());
    if (canonical !== undefined && canonical !== name)
      complaints.push(`the header ${name} is not written ${canonical} (quirk 25)`);
    if (canonical === 'Set-Cookie' && !/^[A-Za-z0-9_-]+=[A-Za-z0-9]*(; ?Path=\/)?$/.test(value)) {
      complaints.push(`Set-Cookie is more than name=value; Path=/ (quirk 4): ${value}`);
    }
    if (canonical === 'Content-Type' && body.length > 0 && !/^text\/xml; *charset="?utf-8"?$/i.test(value)) {
      complaints.push(`Content-Type is ${value}`);
    }
  }
  return complaints;
}

/** Headers that some CPEs look for in this very case. */
const CANONICAL = ['Content-Length', 'Content-Type', 'Set-Cookie', 'WWW-Authenticate'];
