// A file server as CPEs find one: what they load is there, and what they bring.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Test {
  teardown(run: () => unknown): void;
}

export interface FileServer {
  readonly url: string;
  /** By path; what was sent is here too. */
  readonly stored: Map<string, string>;
}

/** GET gives what is stored, PUT stores; below `locked` both want `user` and `pass`. `files`: paths and contents. */
export async function startFileServer(
  t: Test,
  locked: string,
  files: Readonly<Record<string, string>>,
): Promise<FileServer> {
  const stored = new Map(Object.entries(files));
  const basic = `Basic ${Buffer.from('user:pass').toString('base64')}`;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    if (path.startsWith(locked) && request.headers.authorization !== basic) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="files"' }).end();
    } else if (request.method === 'PUT') {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        stored.set(path, Buffer.concat(parts).toString());
        response.writeHead(201).end();
      });
    } else if (stored.has(path)) response.end(stored.get(path));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stored };
}
