// A gateway with one idle CPE, a file server, and the hands of whoever wants transfers by REST.
import type { TransferDescription } from '../../proxy/api/describe-transfer.ts';
import { type FileServer, startFileServer } from '../cpe/file-server.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { type DeviceScene, setDeviceScene } from './device-scene.ts';

interface Test {
  teardown(run: () => unknown): void;
}

/** All of it wants `user` and `pass`. */
export const startTransferFiles = (t: Test): Promise<FileServer> =>
  startFileServer(t, '/', { '/fw-9.bin': 'FIRMWARE' });

export interface ApiAnswer {
  readonly status: number;
  readonly body: TransferDescription & {
    readonly error: string;
    readonly message: string;
    readonly request: string | null;
    readonly transfers: readonly TransferDescription[];
  };
}

export const WEB_CONTENT = '2 Web Content';
/** Of a download that the test CPE takes without rebooting. */
export const download = (
  URL: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  kind: 'download',
  FileType: WEB_CONTENT,
  URL,
  Username: 'user',
  Password: 'pass',
  ...more,
});

export interface TransferScene extends DeviceScene {
  readonly files: FileServer;
  /** A call below `/devices/<the CPE>/transfers`. */
  transfers(method: 'GET' | 'POST' | 'DELETE', path?: string, body?: unknown): Promise<ApiAnswer>;
  /** Begins one that must be taken; its key. */
  begin(body: unknown): Promise<string>;
  /** The transfer once it is as wanted. */
  once(key: string, ...states: readonly string[]): Promise<TransferDescription>;
}

export async function setTransferScene(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
  options: Partial<CpeOptions> = {},
): Promise<TransferScene> {
  const files = await startTransferFiles(t);
  const scene = await setDeviceScene(t, settings, { timings: { transferTime: 10, rebootTime: 20 }, ...options });
  const { oui, productClass, serialNumber } = scene.device.deviceId;
  const url = `${scene.apiUrl}/devices/${oui}-${productClass}-${serialNumber}/transfers`;
  const transfers: TransferScene['transfers'] = async (method, path = '', body) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method, headers, ...content });
    return { status: response.status, body: (await response.json()) as ApiAnswer['body'] };
  };
  return {
    ...scene,
    files,
    transfers,
    async begin(body) {
      const begun = await transfers('POST', '', body);
      if (begun.status !== 202) throw new Error(JSON.stringify(begun));
      return begun.body.key;
    },
    async once(key, ...states) {
      for (const end = Date.now() + 15_000; ;) {
        const { body } = await transfers('GET', `/${key}`);
        if (states.includes(body.state)) return body;
        if (Date.now() > end) throw new Error(`not ${states.join(' or ')}: ${JSON.stringify(body)}`);
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    },
  };
}
