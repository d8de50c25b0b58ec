// Hands for tests of the south side: bytes on a socket as no HTTP library would send them, and the gateway's counters.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Test } from 'tap';
import type { DeviceDescription } from '../../proxy/api/describe-device.ts';
import type { Cpe } from '../cpe/cpe.ts';
import type { Harness } from './harness.ts';

export interface RawResponse {
  readonly status: number;
  /** As written. */
  readonly head: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface RawConnection {
  readonly socket: Socket;
  send(text: string | Buffer): void;
  /** A POST with this body; headers of our own go first, Content-Length last unless one is given. */
  post(body: string, headers?: Readonly<Record<string, string>>): void;
  /** The next response; rejects when the connection ends before it. */
  response(): Promise<RawResponse>;
  /** A POST and its response. */
  exchange(body: string, headers?: Readonly<Record<string, string>>): Promise<RawResponse>;
  /** Resolves when the gateway has closed the connection. */
  ended(): Promise<void>;
}

/** Over TLS where the URL says so, with these options. Rejects when no connection comes about. */
export async function rawConnection(
  t: Test,
  harness: Pick<Harness, 'acsUrl'>,
  options: ConnectionOptions = {},
): Promise<RawConnection> {
  const { hostname, port, protocol } = new URL(harness.acsUrl);
  const way = { host: hostname, port: Number(port), allowHalfOpen: true };
  const secure = protocol === 'https:';
  const socket = secure ? connectTls({ ...way, ...options }) : connect(way);
  let received = Buffer.alloc(0);
  let over = false;
  let wake: () => void = () => undefined;
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    wake();
  });
  const end = (): void => {
    over = true;
    wake();
  };
  socket.on('end', end).on('close', end).on('error', end);
  t.teardown(() => socket.destroy());
  await once(socket, secure ? 'secureConnect' : 'connect');
  const connection: RawConnection = {
    socket,
    send: (text) => void socket.write(text),
    post: (body, headers = {}) => {
      const all = { Host: hostname, ...headers };
      const length =
        'Content-Length' in all || 'Transfer-Encoding' in all
          ? {}
          : { 'Content-Length': String(Buffer.byteLength(body)) };
      const lines = Object.entries({ ...all, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST /acs HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    },
    response: async () => {
      for (;;) {
        const parsed = parseResponse(received);
        if (parsed !== undefined) {
          received = received.subarray(parsed.length);
          return parsed.response;
        }
        if (over) throw new Error(`the connection ended after ${received.length} bytes of a response`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    exchange: async (body, headers) => {
      connection.post(body, headers);
      return await connection.response();
    },
    ended: async () => {
      while (!over) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
  return connection;
}

function parseResponse(bytes: Buffer): { readonly response: RawResponse; readonly length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const headers = new Map(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const length = end + 4 + Number(headers.get('content-length') ?? 0);
  if (bytes.length < length) return undefined;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  return { response: { status, head, headers, body: bytes.toString('utf8', end + 4, length) }, length };
}

/** The cookie of a response, to be sent back. */
export const cookieOf = ({ headers }: RawResponse): string => headers.get('set-cookie')?.split(';')[0] ?? '';

/** Whether a CPE that is refused for now is told when to come again: in 15 to 60 seconds, each CPE by chance. */
export const comesApart = ({ headers }: RawResponse): boolean => {
  const seconds = Number(headers.get('retry-after'));
  return Number.isInteger(seconds) && seconds >= 15 && seconds < 60;
};

const envelope = (content: string, id = '1'): string =>
  '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:soap-enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-2">' +
  `<soap-env:Header><cwmp:ID soap-env:mustUnderstand="1">${id}</cwmp:ID></soap-env:Header><soap-env:Body>${content}</soap-env:Body></soap-env:Envelope>`;

export interface RawInform {
  readonly serial: string;
  readonly productClass?: string;
  readonly events?: readonly string[];
  readonly retryCount?: number;
  readonly values?: Readonly<Record<string, string>>;
  readonly id?: string;
}

export function informText({ serial, productClass = 'Raw', id, ...inform }: RawInform): string {
  const { events = ['2 PERIODIC'], retryCount = 0, values = { 'Device.DeviceInfo.SoftwareVersion': '1' } } = inform;
  const parameters = Object.entries(values).map(
    ([name, value]) =>
      `<ParameterValueStruct><Name>${name}</Name><Value xsi:type="xsd:string">${value}</Value></ParameterValueStruct>`,
  );
  const codes = events.map(
    (code) => `<EventStruct><EventCode>${code}</EventCode><CommandKey></CommandKey></EventStruct>`,
  );
  return envelope(
    `<cwmp:Inform><DeviceId><Manufacturer>Raw</Manufacturer><OUI>02C0DE</OUI><ProductClass>${productClass}</ProductClass><SerialNumber>${serial}</SerialNumber></DeviceId>` +
      `<Event soap-enc:arrayType="cwmp:EventStruct[${codes.length}]">${codes.join('')}</Event><MaxEnvelopes>1</MaxEnvelopes><CurrentTime>2026-01-01T00:00:00Z</CurrentTime><RetryCount>${retryCount}</RetryCount>` +
      `<ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[${parameters.length}]">${parameters.join('')}</ParameterList></cwmp:Inform>`,
    id,
  );
}

/** An envelope around this content, as a CPE that informed with `informText` would send it. */
export const cpeText = envelope;

/** Opens a session by hand; the cookie it was given. */
export async function openRawSession(connection: RawConnection, inform: RawInform): Promise<string> {
  const answer = await connection.exchange(informText(inform));
  if (answer.status !== 200) throw new Error(`the Inform was answered ${answer.status} ${answer.body}`);
  return cookieOf(answer);
}

/** The one RPC that is written in an answer: `GetParameterNames`, `InformResponse`, `Fault`; '' for none. */
export const rpcOf = ({ body }: RawResponse): string => /<[\w-]+:Body><[\w-]+:(\w+)/.exec(body)?.[1] ?? '';

const ASK = envelope('<cwmp:GetRPCMethods></cwmp:GetRPCMethods>', 'by');

/**
 * A CPE in the middle of its session, an RPC of ours outstanding. What is returned checks that it notices nothing of
 * what goes on around it: its session answers it, on its connection, as before.
 */
export async function bystander(t: Test, harness: Harness): Promise<(t: Test) => Promise<void>> {
  const connection = await rawConnection(t, harness);
  const cookie = await openRawSession(connection, { serial: 'BYSTANDER' });
  const asked = await connection.exchange('', { Cookie: cookie });
  if (rpcOf(asked) !== 'GetRPCMethods') throw new Error(`no RPC is outstanding: ${asked.body}`);
  return async (t) => {
    const answer = await connection.exchange(ASK, { Cookie: cookie });
    t.match([answer.status, rpcOf(answer)], [200, 'GetRPCMethodsResponse'], 'the neighbour noticed nothing');
  };
}

/** A CPE beside all this has a session as if nothing had been, and the gateway holds nothing for its own error. */
export async function goesOn(t: Test, harness: Harness, neighbour: Cpe): Promise<void> {
  const session = neighbour.nextSession();
  neighbour.inform('2 PERIODIC');
  t.match(await session, { ok: true, reason: 'done' });
  t.same(neighbour.complaints, []);
  t.same(
    harness.log.filter((line) => line.includes('"level":"error"')),
    [],
  );
}

type Operated = Pick<Harness, 'operateUrl'>;

/** Every counter and gauge of the gateway, by name and label: `cwmp_refused no-session` is a number. */
export async function counters(harness: Operated): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${harness.operateUrl}/metrics`)).text();
  return new Map(
    text.split('\n').flatMap((line) => {
      const match = /^causeway_(\w+?)(?:_total)?(?:\{\w+="([^"]*)"\})? (\d+)$/.exec(line);
      return match === null ? [] : [[[match[1], match[2]].filter(Boolean).join(' '), Number(match[3])] as const];
    }),
  );
}

/** What the counters of these names have grown by while something was done; those that did not are left out. */
export async function counted(
  harness: Operated,
  names: readonly string[],
  run: () => Promise<unknown>,
): Promise<Readonly<Record<string, number>>> {
  const before = await counters(harness);
  await run();
  const after = await counters(harness);
  const grown: Record<string, number> = {};
  for (const [name, value] of after) {
    const by = value - (before.get(name) ?? 0);
    if (by !== 0 && names.some((wanted) => name.startsWith(`${wanted} `))) grown[name] = by;
  }
  return grown;
}

/** Waits until the gateway's counter reaches a value. */
export async function untilCounted(harness: Operated, name: string, value: number): Promise<void> {
  for (const start = Date.now(); Date.now() - start < 10_000;) {
    if (((await counters(harness)).get(name) ?? 0) >= value) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${name} did not reach ${value}: it is ${(await counters(harness)).get(name) ?? 0}`);
}

/** A device as the API shows it. */
export async function describedDevice(harness: Harness, id: string): Promise<DeviceDescription> {
  return (await (await fetch(`${harness.apiUrl}/devices/${encodeURIComponent(id)}`)).json()) as DeviceDescription;
}
