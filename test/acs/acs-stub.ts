// An ACS that has nothing to do with Causeway: it challenges, keeps its sessions by a cookie and insists on it, writes its
// envelopes with prefixes of its own, asks what a plan says, and logs everything that it is told, CPE by CPE.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { type Credentials, digestHeader, digestResponse, parseAuthHeader } from '../cpe/digest.ts';
import { childOf, type Element, type Envelope, readEnvelope, textOf } from '../cpe/soap-read.ts';

export interface Plan {
  /** RPCs for a session that began with these events, as content of a Body. */
  (serial: string, events: readonly string[]): readonly string[];
}

export interface AcsStub {
  /** Without a path: the CPEs' is `/acs`. */
  readonly url: string;
  /** What a CPE told, line by line, and what it was asked. */
  logOf(serial: string): readonly string[];
  /** TCP connections that a session came on; one each, if all is well. */
  readonly connectionsOfSessions: readonly number[];
  /** Connection Request; resolves with the CPE's status. */
  call(url: string): Promise<number>;
  /** While it is away, connections are closed at once. */
  away: boolean;
  /** Answers of its own, before anything else. */
  spoil?: ((method: string) => http.ServerResponse | undefined | 'html' | 'end' | 'fault') | undefined;
  close(): Promise<void>;
}

export interface StubOptions {
  /** Asked of CPEs in each Inform; none: nobody is asked. */
  readonly credentials?: Credentials;
  readonly plan: Plan;
  /** Something that a test does while the CPE's turn is with the ACS. */
  readonly during?: (serial: string, method: string) => Promise<void> | undefined;
  readonly connectionRequest?: Credentials;
}

interface StubSession {
  readonly serial: string;
  readonly rpcs: string[];
  readonly sockets: Set<object>;
  asked: string;
  over: boolean;
}

const REALM = 'the old ACS';
export const PATH = '/acs';

/** The element with all below it, in a form that two logs can be compared by. What differs by the clock is a star. */
function describe(element: Element, path = ''): string {
  const value = VOLATILE.some((pattern) => pattern.test(path + element.local)) ? '*' : element.text.trim();
  const size = [...element.attributes.values()].find(({ local }) => local === 'arrayType')?.value ?? '';
  const inside = element.children.map((child) => describe(child, `${path}${element.local}/`)).join(' ');
  const told = element.children.length > 0 ? `(${inside})` : `=${value}`;
  return `${element.local}${size.replace(/^.*\[/, '[')}${told}`;
}
const VOLATILE = [/CurrentTime$/, /(Start|Complete)Time$/];

export async function startAcsStub(options: StubOptions): Promise<AcsStub> {
  const sessions = new Map<string, StubSession>();
  const logs = new Map<string, string[]>();
  const nonces = new Set<string>();
  const connectionsOfSessions: number[] = [];
  let cookies = 0;
  let ids = 0;

  const log = (serial: string, line: string): void => {
    logs.set(serial, [...(logs.get(serial) ?? []), line]);
  };
  const write = (response: http.ServerResponse, content: string, id: string, cookie?: string): void => {
    const body =
      '<OldSoap:Envelope xmlns:OldSoap="http://schemas.xmlsoap.org/soap/envelope/" ' +
      'xmlns:soap-enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
      'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-0">\n' +
      `<OldSoap:Header><cwmp:ID OldSoap:mustUnderstand="1">${id}</cwmp:ID></OldSoap:Header>\n` +
      `<OldSoap:Body>${content}</OldSoap:Body>\n</OldSoap:Envelope>`;
    response.writeHead(200, {
      'Content-Type': 'text/xml; charset="utf-8"',
      Server: 'OldACS/3.1',
      'Content-Length': Buffer.byteLength(body),
      ...(cookie !== undefined && { 'Set-Cookie': [`oldacs=${cookie}; Path=${PATH}; HttpOnly`, 'lb=node-2; Path=/'] }),
    });
    response.end(body);
  };
  const authorized = (request: http.IncomingMessage): boolean => {
    const { credentials } = options;
    if (credentials === undefined) return true;
    const { scheme, parameters: given } = parseAuthHeader(request.headers.authorization ?? '');
    const nonce = given.get('nonce') ?? '';
    if (scheme !== 'digest' || !nonces.has(nonce) || given.get('uri') !== request.url) return false;
    const expected = digestResponse({
      ...credentials,
      algorithm: 'MD5',
      realm: REALM,
      method: 'POST',
      uri: given.get('uri') ?? '',
      nonce,
      cnonce: given.get('cnonce') ?? '',
      nc: given.get('nc') ?? '',
      qop: given.get('qop') === 'auth' ? 'auth' : undefined,
    });
    return given.get('username') === credentials.username && given.get('response') === expected;
  };

  const challenge = (response: http.ServerResponse): void => {
    const nonce = randomBytes(16).toString('hex');
    nonces.add(nonce);
    const header = `Digest realm="${REALM}", qop="auth", nonce="${nonce}", opaque="0"`;
    response.writeHead(401, { 'WWW-Authenticate': header, 'Content-Length': 0 }).end();
  };

  const begin = (request: http.IncomingMessage, response: http.ServerResponse, envelope: Envelope): void => {
    if (!authorized(request)) {
      challenge(response);
      return;
    }
    const serial = textOf(childOf(envelope.content, 'DeviceId'), 'SerialNumber') ?? '';
    const events = childOf(envelope.content, 'Event')?.children.map((event) => textOf(event, 'EventCode') ?? '') ?? [];
    cookies += 1;
    const session = {
      serial,
      rpcs: [...options.plan(serial, events)],
      sockets: new Set([request.socket]),
      asked: '',
      over: false,
    };
    sessions.set(String(cookies), session);
    log(serial, `--- ${describe(envelope.content)} ${headersOf(request)}`);
    write(
      response,
      '<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>',
      envelope.id,
      String(cookies),
    );
  };

  const sessionOf = (request: http.IncomingMessage): StubSession | undefined => {
    const cookie = /(?:^|;\s*)oldacs=(\d+)(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
    const session = sessions.get(cookie ?? '');
    return /(?:^|;\s*)lb=node-2(?:;|$)/.test(request.headers.cookie ?? '') ? session : undefined;
  };

  const answer = async (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    envelope: Envelope | undefined,
  ): Promise<void> => {
    const method = envelope?.content.local ?? '';
    const spoilt = stub.spoil?.(method);
    if (spoilt === 'html') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><p>Under maintenance</html>');
      return;
    }
    if (spoilt === 'end') {
      response.writeHead(204).end();
      return;
    }
    if (spoilt === 'fault') {
      write(response, FAULT, envelope?.id ?? '');
      return;
    }
    if (envelope !== undefined && method === 'Inform') {
      begin(request, response, envelope);
      return;
    }
    const session = sessionOf(request);
    if (session === undefined && envelope === undefined && options.credentials !== undefined) {
      challenge(response);
      return;
    }
    if (session === undefined) {
      response.writeHead(400).end('no session');
      return;
    }
    session.sockets.add(request.socket);
    await options.during?.(session.serial, method);
    log(session.serial, envelope === undefined ? '(empty)' : `${describe(envelope.content)} ${headersOf(request)}`);
    if (envelope !== undefined && !/Response$|^Fault$/.test(method)) {
      write(response, `<cwmp:${method}Response></cwmp:${method}Response>`, envelope.id);
      return;
    }
    if (envelope !== undefined && envelope.id !== session.asked)
      log(session.serial, `ID ${envelope.id}, not what was asked`);
    const rpc = session.rpcs.shift();
    if (rpc === undefined) {
      if (!session.over) connectionsOfSessions.push(session.sockets.size);
      session.over = true;
      response.writeHead(204).end();
      return;
    }
    ids += 1;
    session.asked = `old:${ids}`;
    log(session.serial, `    < ${/<cwmp:(\w+)/.exec(rpc)?.[1] ?? ''}`);
    write(response, rpc, session.asked);
  };

  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => undefined);
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const read = text.trim() === '' ? undefined : readEnvelope(text);
      if (read?.ok === false) log('unread', read.reason);
      void answer(request, response, read?.ok === true ? read.envelope : undefined);
    });
  });
  server.on('connection', (socket) => {
    if (stub.away) socket.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stub: AcsStub = {
    url: `http://127.0.0.1:${port}`,
    logOf: (serial) => logs.get(serial) ?? [],
    connectionsOfSessions,
    call: async (url) => callCpe(url, options.connectionRequest ?? { username: '', password: '' }),
    away: false,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
  return stub;
}

const FAULT =
  '<OldSoap:Fault><faultcode>Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>' +
  '<FaultCode>8001</FaultCode><FaultString>Request denied</FaultString></cwmp:Fault></detail></OldSoap:Fault>';

const headersOf = ({ headers }: http.IncomingMessage): string =>
  `{${headers['content-type'] ?? ''}; ${String(headers['soapaction'] ?? '')}; ${headers['user-agent'] ?? ''}}`;

async function callCpe(url: string, credentials: Credentials): Promise<number> {
  const first = await fetch(url);
  await first.arrayBuffer();
  const challenge = first.headers.get('www-authenticate');
  if (first.status !== 401 || challenge === null) return first.status;
  const authorization = digestHeader(parseAuthHeader(challenge).parameters, {
    ...credentials,
    method: 'GET',
    uri: new URL(url).pathname + new URL(url).search,
    cnonce: randomBytes(8).toString('hex'),
    nc: '00000001',
    qop: 'as-offered',
  });
  const second = await fetch(url, { headers: { Authorization: authorization } });
  await second.arrayBuffer();
  return second.status;
}
