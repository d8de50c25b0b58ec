// Bodies that real CPEs have sent. They are third-party material that lies outside the project and may be absent.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(process.cwd(), '../shared/facts/captures');

export interface Captured {
  /** `easycwmp/027-cpe-Fault-9003.txt` */
  readonly name: string;
  readonly body: Buffer;
  readonly contentType: string | undefined;
}

function dechunk(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || !(size > 0)) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

/** Files hold a whole HTTP message, header lines and a body, or a body alone. */
function split(name: string, bytes: Buffer): Captured {
  if (/^\s*</.test(bytes.toString('latin1', 0, 40))) return { name, body: bytes, contentType: undefined };
  const [crlf, lf] = [bytes.indexOf('\r\n\r\n'), bytes.indexOf('\n\n')];
  const isLf = crlf < 0 || (lf >= 0 && lf < crlf);
  const end = isLf ? lf : crlf;
  const head = bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
  const body = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + (isLf ? 2 : 4));
  const isChunked =
    /^transfer-encoding:\s*chunked/im.test(head) && /^[0-9a-f]+\r\n/i.test(body.toString('latin1', 0, 20));
  return {
    name,
    body: isChunked ? dechunk(body) : body,
    contentType: /^content-type:[ \t]*(.*?)\r?$/im.exec(head)?.[1],
  };
}

/** All bodies sent by CPEs; empty when the captures are not here. */
export function readCaptured(): Captured[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^wild\/\d|\d+-cpe-/.test(name))
    .sort()
    .map((name) => split(name, readFileSync(join(FOLDER, name))))
    .filter(({ body }) => body.toString('latin1').trim() !== '');
}
