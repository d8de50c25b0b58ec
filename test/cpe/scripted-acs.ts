// A small ACS for the CPE's own tests: raw node:http and text, nothing of the gateway. It acknowledges what CPEs report
// and works off a queue of RPCs, one for each empty POST or response; a test may take any answer into its own hand.
import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { readEnvelope, type Element, type Envelope } from './soap-read.ts';

export interface AcsPost {
  /** The body's element: `Inform`, `GetParameterValuesResponse`, `Fault`; '' for an empty POST. */
  readonly method: string;
  readonly content: Element | undefined;
  readonly envelope: Envelope | undefined;
  readonly text: string;
  readonly body: Buffer;
  readonly rawHeaders: readonly string[];
  readonly headers: http.IncomingHttpHeaders;
  readonly socket: Socket;
}

export interface AcsReply {
  readonly status: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}
/** undefined leaves the answer to the script; a promise holds it. */
export type Handler = (post: AcsPost) => AcsReply | Promise<AcsReply> | undefined;

/** An answer that never comes. */
export const forEver = new Promise<AcsReply>(() => undefined);

export interface ScriptedAcs {
  readonly url: string;
  readonly posts: readonly AcsPost[];
  /** Content of RPCs, as in `<cwmp:Reboot>…</cwmp:Reboot>`, to send one after the other; then 204. */
  queue(...rpcs: readonly string[]): void;
  /** Answers the posts it returns something for in the test's own way. */
  intercept(handler: Handler): void;
  /** The first post of that method so far. */
  post(method: string): AcsPost | undefined;
  close(): Promise<void>;
}

export interface AcsOptions {
  readonly cwmpVersion?: number;
  /** Repeats the prefix of the CPE's envelope; true unless told. */
  readonly mirrorsPrefix?: boolean;
}

/** An envelope of an ACS, with the prefixes given. */
export function acsEnvelope(
  content: string,
  id: string,
  prefix = 'soap-env',
  encoding = 'soap-enc',
  version = 0,
): string {
  return (
    `<${prefix}:Envelope xmlns:${prefix}="http://schemas.xmlsoap.org/soap/envelope/" ` +
    `xmlns:${encoding}="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ` +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-${version}">` +
    `<${prefix}:Header><cwmp:ID ${prefix}:mustUnderstand="1">${id}</cwmp:ID></${prefix}:Header>` +
    `<${prefix}:Body>${content.replaceAll('soap-enc:', `${encoding}:`)}</${prefix}:Body></${prefix}:Envelope>`
  );
}

const XML = { 'Content-Type': 'text/xml; charset="utf-8"' };
const RESPONSES: Readonly<Record<string, string>> = {
  Inform: '<MaxEnvelopes>1</MaxEnvelopes>',
  GetRPCMethods: '<MethodList soap-enc:arrayType="xsd:string[1]"><string>Inform</string></MethodList>',
};

export async function startScriptedAcs(options: AcsOptions = {}): Promise<ScriptedAcs> {
  const posts: AcsPost[] = [];
  const rpcs: string[] = [];
  const handlers: Handler[] = [];
  let session = 0;
  let count = 0;

  const reply = (post: AcsPost): AcsReply | Promise<AcsReply> => {
    for (const handler of handlers) {
      const own = handler(post);
      if (own !== undefined) return own;
    }
    const { envelope, method } = post;
    const prefix = options.mirrorsPrefix === false ? undefined : (envelope?.root.prefix ?? lastPrefixes[0]);
    const encoding = options.mirrorsPrefix === false ? undefined : envelope?.encodingPrefix || lastPrefixes[1];
    if (envelope !== undefined) lastPrefixes = [envelope.root.prefix, envelope.encodingPrefix];
    const write = (content: string, id: string): AcsReply => ({
      status: 200,
      headers: method === 'Inform' ? { ...XML, 'Set-Cookie': `sid=${(session += 1)}` } : XML,
      body: acsEnvelope(content, id, prefix, encoding, options.cwmpVersion),
    });
    const isResponse = method === '' || method === 'Fault' || method.endsWith('Response');
    if (!isResponse)
      return write(`<cwmp:${method}Response>${RESPONSES[method] ?? ''}</cwmp:${method}Response>`, envelope?.id ?? '');
    const rpc = rpcs.shift();
    return rpc === undefined ? { status: 204 } : write(rpc, `acs-${(count += 1)}`);
  };
  let lastPrefixes: readonly [string | undefined, string | undefined] = [undefined, undefined];

  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const text = body.toString('utf8');
      const read = readEnvelope(text);
      const envelope = read.ok ? read.envelope : undefined;
      const { rawHeaders, headers, socket } = request;
      const content = envelope?.content;
      const post: AcsPost = {
        method: content?.local ?? '',
        content,
        envelope,
        text,
        body,
        rawHeaders,
        headers,
        socket,
      };
      posts.push(post);
      void Promise.resolve(reply(post)).then((answer) => {
        const { body: content = '' } = answer;
        response.writeHead(answer.status, { ...answer.headers, 'Content-Length': Buffer.byteLength(content) });
        response.end(content);
      });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/acs`,
    posts,
    queue: (...more) => void rpcs.push(...more),
    intercept: (handler) => void handlers.unshift(handler),
    post: (method) => posts.find((post) => post.method === method),
    close: async () =>
      await new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `GetParameterValues` of these names, as content for `queue`. */
export const getValues = (...names: readonly string[]): string =>
  `<cwmp:GetParameterValues><ParameterNames soap-enc:arrayType="xsd:string[${names.length}]">` +
  `${names.map((name) => `<string>${name}</string>`).join('')}</ParameterNames></cwmp:GetParameterValues>`;

/** `SetParameterValues`: name, value, type. */
export const setValues = (settings: readonly (readonly [string, string, string])[], key = 'key-1'): string =>
  `<cwmp:SetParameterValues><ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[${settings.length}]">` +
  settings
    .map(
      ([name, value, type]) =>
        `<ParameterValueStruct><Name>${name}</Name><Value xsi:type="xsd:${type}">${value}</Value></ParameterValueStruct>`,
    )
    .join('') +
  `</ParameterList><ParameterKey>${key}</ParameterKey></cwmp:SetParameterValues>`;

/** An RPC whose arguments are plain elements. */
export const rpc = (method: string, args: Readonly<Record<string, string | number>> = {}): string =>
  `<cwmp:${method}>${Object.entries(args)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</cwmp:${method}>`;

/** `SetParameterAttributes` with NotificationChange for each name. */
export const setNotification = (notification: number, ...names: readonly string[]): string =>
  `<cwmp:SetParameterAttributes><ParameterList soap-enc:arrayType="cwmp:SetParameterAttributesStruct[${names.length}]">` +
  names
    .map(
      (name) =>
        `<SetParameterAttributesStruct><Name>${name}</Name><NotificationChange>1</NotificationChange>` +
        `<Notification>${notification}</Notification><AccessListChange>0</AccessListChange>` +
        '<AccessList soap-enc:arrayType="xsd:string[0]"></AccessList></SetParameterAttributesStruct>',
    )
    .join('') +
  '</ParameterList></cwmp:SetParameterAttributes>';
