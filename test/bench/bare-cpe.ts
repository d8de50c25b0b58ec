// A CPE with nothing between it and its socket, for benches that time single RPCs: one session, one connection, answers
// written as text. What it was asked is seen at the moment its last byte was read.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export const SERIAL = 'BARE0001';
export const AGENT = `ops::02C0DE-Bench-${SERIAL}`;
export const PARAMETER = 'Device.DeviceInfo.UpTime';

const NAMES = ['Device.', 'Device.DeviceInfo.', 'Device.DeviceInfo.SoftwareVersion', PARAMETER];

const envelope = (id: string, body: string): string =>
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-2">' +
  `<soap:Header><cwmp:ID soap:mustUnderstand="1">${id}</cwmp:ID></soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;

const value = (name: string, text: string): string =>
  `<ParameterValueStruct><Name>${name}</Name><Value xsi:type="xsd:string">${text}</Value></ParameterValueStruct>`;

const informOf = (serial: string, events: readonly string[], retryCount: number): string =>
  envelope(
    '1',
    '<cwmp:Inform><DeviceId><Manufacturer>Example</Manufacturer><OUI>02C0DE</OUI><ProductClass>Bench</ProductClass>' +
      `<SerialNumber>${serial}</SerialNumber></DeviceId><Event enc:arrayType="cwmp:EventStruct[${events.length}]">` +
      events
        .map((code) => `<EventStruct><EventCode>${code}</EventCode><CommandKey></CommandKey></EventStruct>`)
        .join('') +
      '</Event><MaxEnvelopes>1</MaxEnvelopes>' +
      `<CurrentTime>2026-01-01T00:00:00Z</CurrentTime><RetryCount>${retryCount}</RetryCount>` +
      `<ParameterList enc:arrayType="cwmp:ParameterValueStruct[1]">${value('Device.DeviceInfo.SoftwareVersion', '1.0')}</ParameterList></cwmp:Inform>`,
  );

/** The answer to an RPC of the gateway's. */
export function answerTo(request: string): string {
  const id = /<[^>]*:ID[^>]*>([^<]*)</.exec(request)?.[1] ?? '';
  if (request.includes('GetRPCMethods')) {
    const methods = ['GetRPCMethods', 'GetParameterNames', 'GetParameterValues'];
    const items = methods.map((method) => `<string>${method}</string>`).join('');
    return envelope(
      id,
      `<cwmp:GetRPCMethodsResponse><MethodList enc:arrayType="xsd:string[3]">${items}</MethodList></cwmp:GetRPCMethodsResponse>`,
    );
  }
  if (request.includes('GetParameterNames')) {
    const items = NAMES.map(
      (name) => `<ParameterInfoStruct><Name>${name}</Name><Writable>0</Writable></ParameterInfoStruct>`,
    ).join('');
    return envelope(
      id,
      `<cwmp:GetParameterNamesResponse><ParameterList enc:arrayType="cwmp:ParameterInfoStruct[${NAMES.length}]">${items}</ParameterList></cwmp:GetParameterNamesResponse>`,
    );
  }
  const asked = NAMES.filter((name) => request.includes(`>${name}<`));
  const items = asked.map((name) => value(name, name === PARAMETER ? String(process.uptime() | 0) : '1.0')).join('');
  return envelope(
    id,
    `<cwmp:GetParameterValuesResponse><ParameterList enc:arrayType="cwmp:ParameterValueStruct[${asked.length}]">${items}</ParameterList></cwmp:GetParameterValuesResponse>`,
  );
}

/** What a CPE says when it opens a session. */
export interface Opening {
  readonly serial: string;
  readonly events: readonly string[];
  readonly retryCount: number;
}
const PERIODIC: Opening = { serial: SERIAL, events: ['2 PERIODIC'], retryCount: 0 };

export interface Response {
  readonly status: number;
  /** Seconds; 0 when nothing was said. */
  readonly retryAfter: number;
  readonly body: string;
  /** performance.now() when its last byte was read. */
  readonly readAt: number;
}

export class BareCpe {
  readonly #socket: Socket;
  #received = '';
  #cookie = '';
  #next: { readonly resolve: (response: Response) => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#read(bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#next?.reject(new Error('the connection is closed')));
  }

  static async connect(port: number): Promise<BareCpe> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new BareCpe(socket);
  }

  /** Opens the session: the Inform is answered. */
  async inform(): Promise<void> {
    const { status } = await this.open(PERIODIC);
    if (status !== 200) throw new Error(`the Inform was answered with ${status}`);
  }

  /** Sends an Inform, whatever it is answered with. */
  open({ serial, events, retryCount }: Opening): Promise<Response> {
    return this.post(informOf(serial, events, retryCount));
  }

  post(body: string): Promise<Response> {
    const response = new Promise<Response>((resolve, reject) => {
      this.#next = { resolve, reject };
    });
    // Nobody may be waiting any more for a POST that is held when the connection ends.
    response.catch(() => undefined);
    const type = body === '' ? '' : 'Content-Type: text/xml; charset="utf-8"\r\nSOAPAction: ""\r\n';
    this.#socket.write(
      `POST / HTTP/1.1\r\nHost: bench\r\n${this.#cookie}${type}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return response;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.slice(0, end);
    const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const readAt = performance.now();
    const body = this.#received.slice(end + 4, end + 4 + length);
    this.#received = this.#received.slice(end + 4 + length);
    const cookie = /set-cookie: *([^;\r]+)/i.exec(head)?.[1];
    if (cookie !== undefined) this.#cookie = `Cookie: ${cookie}\r\n`;
    const retryAfter = Number(/retry-after: *(\d+)/i.exec(head)?.[1] ?? 0);
    this.#next?.resolve({ status: Number(head.slice(9, 12)), retryAfter, body, readAt });
  }
}
