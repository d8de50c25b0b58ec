// How fast envelopes are read and written, against saxes and fast-xml-parser in the same run. Every contender has a
// process of its own for every body, so that none works in another's heap; they take turns sample by sample, so that a
// busy neighbour on the machine meets all of them, and a ratio is the median of the turns' ratios. The others bring out
// the parameters and nothing else, Causeway the whole typed envelope, every string copied out of the body.
//   node dist/test/bench/envelope.js
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { deepEqual } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';
import type { ParameterValueItem } from '../../proxy/rpc/structs.ts';
import { decodeBody } from '../../proxy/soap/charset.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { DEFAULT_STYLE } from '../../proxy/soap/style.ts';
import { writeCpeRequest } from '../../proxy/soap/write-envelope.ts';

const NAMES = ['MACAddress', 'IPAddress', 'HostName', 'Active', 'LeaseTimeRemaining', 'InterfaceType', 'AddressSource'];
const VALUES = ['00:0c:29:3e:5f:a1', '192.168.1.17', 'living room', '1', '86399', 'Ethernet', 'R&D'];
const TYPES = ['string', 'string', 'string', 'boolean', 'int', 'string', 'string'];

const at = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

function parametersOf(count: number): ParameterValueItem[] {
  return Array.from({ length: count }, (_, index) => ({
    Name: `InternetGatewayDevice.LANDevice.1.Hosts.Host.${1 + Math.floor(index / NAMES.length)}.${at(NAMES, index)}`,
    Value: at(VALUES, index),
    Type: at(TYPES, index),
  }));
}

function listOf(parameters: readonly ParameterValueItem[]): string {
  const items = parameters.map(
    ({ Name, Value, Type }) =>
      `<ParameterValueStruct>\n<Name>${Name}</Name>\n<Value xsi:type="xsd:${Type}">${Value.replace('&', '&amp;')}</Value>\n</ParameterValueStruct>\n`,
  );
  return `<ParameterList soap:arrayType="cwmp:ParameterValueStruct[${items.length}]">\n${items.join('')}</ParameterList>\n`;
}

const wrap = (body: string): string =>
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:soap="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-0">\n' +
  `<soapenv:Header>\n<cwmp:ID soapenv:mustUnderstand="1">42</cwmp:ID>\n</soapenv:Header>\n<soapenv:Body>\n${body}</soapenv:Body>\n</soapenv:Envelope>\n`;

const responseOf = (list: string): string =>
  wrap(`<cwmp:GetParameterValuesResponse>\n${list}</cwmp:GetParameterValuesResponse>\n`);
const informOf = (list: string): string =>
  wrap(
    '<cwmp:Inform>\n<DeviceId>\n<Manufacturer>Example Networks</Manufacturer>\n<OUI>0011AA</OUI>\n<ProductClass>HomeGateway</ProductClass>\n<SerialNumber>EX12345678901</SerialNumber>\n</DeviceId>\n' +
      '<Event soap:arrayType="cwmp:EventStruct[1]">\n<EventStruct>\n<EventCode>2 PERIODIC</EventCode>\n<CommandKey></CommandKey>\n</EventStruct>\n</Event>\n' +
      `<MaxEnvelopes>1</MaxEnvelopes>\n<CurrentTime>2024-03-05T11:54:14Z</CurrentTime>\n<RetryCount>0</RetryCount>\n${list}</cwmp:Inform>\n`,
  );

function readBySaxes(text: string): ParameterValueItem[] {
  const parser = new SaxesParser({ xmlns: false });
  const items: ParameterValueItem[] = [];
  let [name, value, type, data] = ['', '', '', ''];
  parser.on('opentag', (tag) => {
    data = '';
    if (tag.name === 'Value') type = tag.attributes['xsi:type'] ?? '';
  });
  parser.on('text', (piece) => (data += piece));
  parser.on('closetag', (tag) => {
    if (tag.name === 'Name') name = data;
    else if (tag.name === 'Value') value = data;
    else if (tag.name === 'ParameterValueStruct') items.push({ Name: name, Value: value, Type: type.slice(4) });
  });
  parser.write(text).close();
  return items;
}

// Without these settings it drops xsi:type, turns "007" into 7 and trims; with them it is right, but still not strict.
const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  removeNSPrefix: true,
  htmlEntities: true,
  isArray: (name) => name === 'ParameterValueStruct',
});

interface Struct {
  readonly Name: string;
  readonly Value: { readonly '#text'?: string; readonly '@_type': string };
}
interface Method {
  readonly ParameterList: { readonly ParameterValueStruct: readonly Struct[] };
}
interface Tree {
  readonly Envelope: { readonly Body: { readonly GetParameterValuesResponse?: Method; readonly Inform?: Method } };
}

function readByFastXmlParser(text: string): ParameterValueItem[] {
  const { Body } = (parser.parse(text) as Tree).Envelope;
  const list = (Body.GetParameterValuesResponse ?? Body.Inform)?.ParameterList.ParameterValueStruct ?? [];
  return list.map(({ Name, Value }) => ({ Name, Value: Value['#text'] ?? '', Type: Value['@_type'].slice(4) }));
}

function readByCauseway(text: string): readonly ParameterValueItem[] {
  const outcome = readEnvelope(text);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { message } = outcome.envelope;
  if (message.kind === 'response' && message.method === 'GetParameterValues') return message.value.ParameterList;
  if (message.kind === 'request' && message.method === 'Inform') return message.value.ParameterList;
  return [];
}

/** The least that can be done: the same bytes without any check, any escaping or any schema. */
function writeByTemplate(parameters: readonly ParameterValueItem[]): string {
  const items = parameters.map(
    ({ Name, Value, Type }) =>
      `<ParameterValueStruct><Name>${Name}</Name><Value xsi:type="xsd:${Type}">${Value}</Value></ParameterValueStruct>`,
  );
  return wrap(`<cwmp:SetParameterValues><ParameterList>${items.join('')}</ParameterList></cwmp:SetParameterValues>`);
}

function writeByCauseway(ParameterList: readonly ParameterValueItem[]): string {
  const outcome = writeCpeRequest(DEFAULT_STYLE, '1', 'SetParameterValues', { ParameterList, ParameterKey: 'key' });
  return outcome.ok ? outcome.text : '';
}

const CASES = [
  { name: 'Inform, 10', count: 10, envelopeOf: informOf },
  { name: 'values, 20', count: 20, envelopeOf: responseOf },
  { name: 'values, 200', count: 200, envelopeOf: responseOf },
  { name: 'values, 2000', count: 2000, envelopeOf: responseOf },
  { name: 'values, 10000', count: 10_000, envelopeOf: responseOf },
];
const READERS = { Causeway: readByCauseway, saxes: readBySaxes, 'fast-xml-parser': readByFastXmlParser };
const WRITERS = { Causeway: writeByCauseway, template: writeByTemplate };

const median = (samples: readonly number[]): number =>
  samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;

/** Microseconds of CPU time a call. */
function timed(work: () => unknown, repeats: number): number {
  const start = process.cpuUsage();
  for (let repeat = 0; repeat < repeats; repeat++) work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / repeats;
}

/** The part of a contender's process: warm up, then answer every message with one sample of some ten milliseconds. */
function contend(work: () => unknown): void {
  const deadline = process.hrtime.bigint() + 700_000_000n;
  let estimate = timed(work, 3);
  while (process.hrtime.bigint() < deadline) estimate = timed(work, 3);
  const repeats = Math.max(1, Math.ceil(10_000 / Math.max(estimate, 1)));
  process.on('message', () => process.send?.(timed(work, repeats)));
  process.send?.('warm');
}

/** The work of one contender on one body. */
function workOf(kind: string, contender: string, index: number): () => unknown {
  const { count, envelopeOf } = CASES[index] ?? { count: 0, envelopeOf: responseOf };
  const parameters = parametersOf(count);
  const write = Object.entries(WRITERS).find(([name]) => name === contender)?.[1];
  // What goes to a socket is bytes; a text that was never flattened would look cheaper than it is.
  if (kind === 'writing' && write !== undefined) return () => Buffer.from(write(parameters));
  const text = decodeBody(Buffer.from(envelopeOf(listOf(parameters))), 'text/xml');
  const read = Object.entries(READERS).find(([name]) => name === contender)?.[1] ?? readByCauseway;
  deepEqual(read(text), readBySaxes(text));
  return () => read(text);
}

async function start(kind: string, contender: string, index: number): Promise<ChildProcess> {
  const child = fork(fileURLToPath(import.meta.url), [kind, contender, String(index)]);
  await once(child, 'message');
  return child;
}

async function sample(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message');
  child.send('go');
  return Number((await answer)[0]);
}

/** One line of times for each turn, in the order of the contenders. */
async function race(kind: string, contenders: readonly string[], index: number): Promise<number[][]> {
  const children: ChildProcess[] = [];
  for (const contender of contenders) children.push(await start(kind, contender, index));
  const turns: number[][] = [];
  for (let turn = 0; turn < 41; turn++) {
    const times: number[] = [];
    for (const child of children) times.push(await sample(child));
    turns.push(times);
  }
  for (const child of children) child.disconnect();
  return turns;
}

const rounded = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
const print = (cells: readonly string[]): void =>
  console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(16))).join(''));

async function printTable(
  kind: string,
  contenders: readonly string[],
  sizeOf: (index: number) => number,
): Promise<void> {
  const [own = '', ...others] = contenders;
  print([kind, 'bytes', own, 'MB/s', ...others.flatMap((other) => [other, 'ratio'])]);
  for (const [index, { name }] of CASES.entries()) {
    const turns = await race(kind, contenders, index);
    const timeOf = (place: number): number => median(turns.map((times) => times[place] ?? 0));
    const ratioOf = (place: number): number => median(turns.map((times) => (times[place] ?? 0) / (times[0] ?? 1)));
    const size = sizeOf(index);
    const cells = others.flatMap((_, place) => [rounded(timeOf(place + 1)), ratioOf(place + 1).toFixed(2)]);
    print([name, String(size), rounded(timeOf(0)), rounded(size / timeOf(0)), ...cells]);
  }
}

const [, , kind, contender, index] = process.argv;
if (kind !== undefined && contender !== undefined) {
  contend(workOf(kind, contender, Number(index)));
} else {
  console.log(`Node ${process.version}; microseconds of CPU time, medians\n`);
  await printTable('reading', Object.keys(READERS), (at) => {
    const { count, envelopeOf } = CASES[at] ?? { count: 0, envelopeOf: responseOf };
    return Buffer.byteLength(envelopeOf(listOf(parametersOf(count))));
  });
  console.log('');
  await printTable(
    'writing',
    Object.keys(WRITERS),
    (at) => writeByCauseway(parametersOf(CASES[at]?.count ?? 0)).length,
  );
}
