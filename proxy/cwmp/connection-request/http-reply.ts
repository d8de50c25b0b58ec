// A reader for the HTTP replies of CPEs, which Node's own parser refuses (quirk 8): bare LF, folded headers, no blank
// line and EOF in its place, bytes before the status line. Only the head is read; what follows does not matter here.
// Pure and incremental; every byte is looked at once, and it never holds more than the cap.

export interface HttpReply {
  readonly status: number;
  /** In order, names in lower case, folded values on one line. Text is a byte string: one character a byte. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What bytes that are no HTTP reply look like; a word instead of a quotation, since bytes of a CPE are never logged. */
export type ForeignProtocol = 'tls' | 'ssh' | 'markup' | 'unknown';

export type ReplyProgress =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'reply'; readonly reply: HttpReply }
  | { readonly kind: 'not-http'; readonly looksLike: ForeignProtocol }
  | { readonly kind: 'too-large' }
  /** The connection ended before the status line did. */
  | { readonly kind: 'closed-early'; readonly bytes: number };

export interface ReplyReader {
  /** Once the answer is not `incomplete`, it stays. */
  feed(bytes: Uint8Array): ReplyProgress;
  /** Nothing more will come (EOF, or nobody wants to wait longer): the head ends here, blank line or not. */
  end(): ReplyProgress;
}

/** For the whole head, junk and interim replies included. */
const LARGEST_HEAD = 16_384;
/** How far the status line may be from the first byte. */
const LONGEST_JUNK = 1024;

// The version's minor part, the reason and single spaces may be missing or more; junk may end in a control character.
const STATUS_LINE = /(?:^|[\x00-\x1f\x7f-\xff])HTTP\/\d+(?:\.\d+)?[ \t]+([1-9]\d\d)(?!\d)/i;
const BEGINNING_OF_STATUS_LINE = /(?:^|[\x00-\x1f\x7f-\xff])H(?:T(?:T(?:P(?:\/[\d. \t]*)?)?)?)?$/i;
const LF = 0x0a;

export function createReplyReader(): ReplyReader {
  let total = 0;
  let line = '';
  let firstBytes = '';
  let head: { status: number; headers: [string, string][] } | undefined;
  let sawStatusLine = false;
  let settled: ReplyProgress | undefined;

  const notHttp = (): ReplyProgress => ({ kind: 'not-http', looksLike: looksLike(firstBytes) });
  const takeLine = (): ReplyProgress | undefined => {
    const text = line.replace(/\r+$/, '');
    line = '';
    if (head === undefined) {
      const status = STATUS_LINE.exec(text)?.[1];
      sawStatusLine ||= status !== undefined;
      if (status !== undefined) head = { status: Number(status), headers: [] };
      else if (total > LONGEST_JUNK) return notHttp();
      return undefined;
    }
    if (text !== '') {
      addHeaderLine(head.headers, text);
      return undefined;
    }
    const reply = head;
    head = undefined;
    // RFC 9110 §15.2: an interim reply is followed by the real one.
    return reply.status < 200 ? undefined : { kind: 'reply', reply };
  };

  const feed = (bytes: Uint8Array): ReplyProgress => {
    for (const byte of bytes) {
      if (settled !== undefined) break;
      total += 1;
      if (total > LARGEST_HEAD) settled = sawStatusLine ? { kind: 'too-large' } : notHttp();
      else if (byte === LF) settled = takeLine();
      else line += String.fromCharCode(byte);
      if (firstBytes.length < 4) firstBytes += String.fromCharCode(byte);
    }
    return settled ?? { kind: 'incomplete' };
  };

  const end = (): ReplyProgress => {
    const unfinished = line;
    settled ??= takeLine();
    if (settled === undefined && head !== undefined && head.status >= 200) settled = { kind: 'reply', reply: head };
    if (settled === undefined) {
      const begun = total === 0 || sawStatusLine || BEGINNING_OF_STATUS_LINE.test(unfinished);
      settled = begun ? { kind: 'closed-early', bytes: total } : notHttp();
    }
    return settled;
  };

  return { feed, end };
}

function addHeaderLine(headers: [string, string][], text: string): void {
  const last = headers.at(-1);
  if (/^[ \t]/.test(text)) {
    if (last !== undefined) last[1] = `${last[1]} ${text.trim()}`;
    return;
  }
  const colon = text.indexOf(':');
  if (colon > 0) headers.push([text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()]);
}

function looksLike(firstBytes: string): ForeignProtocol {
  if (/^[\x14-\x17]\x03/.test(firstBytes)) return 'tls';
  if (firstBytes.startsWith('SSH-')) return 'ssh';
  return firstBytes.trimStart().startsWith('<') ? 'markup' : 'unknown';
}
