// A gateway with a file in it, and requests to its file server as no HTTP library would send them.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Harness, startHarness } from '../gateway/harness.ts';
import { counters, untilCounted } from '../gateway/south-tools.ts';

interface Test {
  teardown(run: () => unknown): void;
}

export interface FileGateway extends Harness {
  /** Address of the file server. */
  readonly files: { readonly host: string; readonly port: number };
  /** Adds a file through the API; its id. */
  add(bytes: Uint8Array, name?: string): Promise<string>;
  /** A URL for a file through the API. */
  url(id: string, wish?: object): Promise<string>;
  /** A URL to bring one to. */
  uploadUrl(wish?: object): Promise<string>;
  /** All files, as the API lists them. */
  list(): Promise<readonly Listed[]>;
}
export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly type?: string;
  readonly size: number;
  readonly device: string | null;
  readonly checksums: Readonly<Record<string, string>>;
}

export async function startFiles(t: Test, settings: Readonly<Record<string, string>> = {}): Promise<FileGateway> {
  const harness = await startHarness(t, settings);
  const [host = '', port = ''] = harness.gateway.addresses.files.split(':');
  const call = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(`${harness.apiUrl}${path}`, init);
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  const post = async (path: string, wish: object): Promise<string> => {
    const headers = { 'Content-Type': 'application/json' };
    const granted = await call(path, { method: 'POST', headers, body: JSON.stringify(wish) });
    return (granted as { readonly url: string }).url;
  };
  return {
    ...harness,
    files: { host, port: Number(port) },
    async add(bytes, name = 'firmware.bin') {
      const path = `/files?name=${encodeURIComponent(name)}&type=${encodeURIComponent('1 Firmware Upgrade Image')}`;
      return ((await call(path, { method: 'POST', body: bytes })) as Listed).id;
    },
    url: (id, wish = {}) => post(`/files/${id}/grants`, wish),
    uploadUrl: (wish = {}) => post('/files/uploads', wish),
    async list() {
      return ((await call('/files')) as { readonly files: readonly Listed[] }).files;
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly text: string;
}

export async function connected({ files }: FileGateway): Promise<Socket> {
  const socket = connect(files);
  await once(socket, 'connect');
  return socket;
}

/** What waits for one more of an outcome: a download ends when the other side has closed, later than its last byte. */
export async function oneMore(gateway: FileGateway, outcome: string): Promise<() => Promise<void>> {
  const name = `files_transfer ${outcome}`;
  const before = (await counters(gateway)).get(name) ?? 0;
  return () => untilCounted(gateway, name, before + 1);
}

/** The path of a URL, as a request line has it. */
export const targetOf = (url: string): string => new URL(url).pathname;

export const head = (...lines: readonly string[]): string => [...lines, '', ''].join('\r\n');

/** Sends this, and reads until the other side closes; what was answered last counts. */
export async function exchange(gateway: FileGateway, ...parts: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const socket = await connected(gateway);
  for (const part of parts) socket.write(part);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return parse(Buffer.concat(chunks));
}

/** An answer after an interim one is the answer. */
export function parse(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  const [line = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(line.split(' ')[1]);
  if (status === 100) return parse(bytes.subarray(end + 4));
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
    }),
  );
  const body = bytes.subarray(end + 4);
  return { status, headers, body, text: body.toString() };
}
