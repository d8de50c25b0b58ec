// Bytes to text. CPEs name their character set in HTTP only, in the XML declaration only, in neither, or wrongly
// (quirk 22); nothing is refused here, the worst that happens is a wrong letter.
import { isAscii, isUtf8 } from 'node:buffer';
import { readDeclaration } from './declaration.ts';

const CHARSET = /;\s*charset\s*=\s*["']?([^\s"';]+)/i;

/** Byte order marks, and what they say against every other voice. */
const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], charset: 'utf-8' },
  { bytes: [0xfe, 0xff], charset: 'utf-16be' },
  { bytes: [0xff, 0xfe], charset: 'utf-16le' },
] as const;

/** Enough for an XML declaration. */
const PROLOGUE = 256;

function declaredCharset(bytes: Buffer): string | undefined {
  return readDeclaration(bytes.toString('latin1', 0, PROLOGUE))?.encoding;
}

function decodeAs(bytes: Buffer, charset: string): string | undefined {
  switch (charset.toLowerCase()) {
    case 'utf-8':
    case 'utf8':
    case 'us-ascii':
      return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
    case 'iso-8859-1':
    case 'iso8859-1':
    case 'latin1':
      return bytes.toString('latin1');
    default:
      try {
        return new TextDecoder(charset, { fatal: true }).decode(bytes);
      } catch {
        // An unknown name, or bytes that are not what it says.
        return undefined;
      }
  }
}

/**
 * The text of a body: by its byte order mark, else by the charset of the Content-Type header, else by its XML
 * declaration, else as UTF-8; bytes that do not fit are read as ISO-8859-1, which fits any. The mark is dropped.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | undefined): string {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = CHARSET.exec(contentType ?? '')?.[1];
  // Nearly every body; UTF-16 and the like are named in the header, if they are ever sent.
  if ((header === undefined || /^(utf-?8|us-ascii|iso-?8859-1)$/i.test(header)) && isAscii(body))
    return body.toString('latin1');
  const mark = MARKS.find(({ bytes: head }) => head.every((byte, index) => body[index] === byte));
  if (mark !== undefined) {
    const rest = body.subarray(mark.bytes.length);
    return decodeAs(rest, mark.charset) ?? rest.toString('latin1');
  }
  const charset = header ?? declaredCharset(body) ?? 'utf-8';
  return decodeAs(body, charset) ?? decodeAs(body, 'utf-8') ?? body.toString('latin1');
}
