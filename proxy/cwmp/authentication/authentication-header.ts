// Reads WWW-Authenticate and Authorization headers (RFC 7235 §2.1) the way CPEs write them: parameters apart by commas
// or by spaces alone, values quoted or bare, lines folded, any case (quirks 7, 8). It never throws, and its time is
// linear in the header's length. Text is a byte string: one character a byte, as HTTP readers hand headers over.

export interface AuthenticationHeader {
  /** In lower case: `digest`, `basic`. */
  readonly scheme: string;
  /** Names in lower case, values without quotes; of a repeated name the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The one opaque word that some schemes have instead of parameters, as Basic credentials do. */
  readonly token: string | undefined;
}

/** A longer header is not read: the longest real one is under 400 characters. */
const LONGEST_HEADER = 8192;

const SEPARATORS = /[\s,]*/y;
const WORD = /[^\s,="]+/y;
const EQUALS_SIGN = /\s*=\s*/y;
/** The closing quote may be missing: then the value reaches to the end. */
const QUOTED_VALUE = /"((?:[^"\\]|\\[^]?)*)"?/y;
const BARE_VALUE = /[^\s,]*/y;
const TOKEN_OF_SCHEME = /\s+([\w.~+/-]+=*)(?=\s*(?:,|$))/y;
const NOTHING_BEFORE_COMMA = /\s*(?:,|$)/y;

interface OpenHeader {
  scheme: string;
  parameters: Map<string, string>;
  token: string | undefined;
}

/** All challenges of a reply's WWW-Authenticate headers, in order; or the credentials of one Authorization header. */
export function parseAuthenticationHeaders(texts: readonly string[]): readonly AuthenticationHeader[] {
  return texts.flatMap((text) => (text.length > LONGEST_HEADER ? [] : parseOne(text)));
}

function parseOne(text: string): readonly AuthenticationHeader[] {
  const found: OpenHeader[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match !== null) position = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SEPARATORS);
    if (position >= text.length) return found;
    const word = take(WORD)?.[0].toLowerCase();
    if (word === undefined) {
      // A stray equals sign, or a quoted text that has no name.
      if (take(QUOTED_VALUE) === null) position += 1;
      continue;
    }
    const open = found.at(-1);
    if (take(EQUALS_SIGN) !== null) {
      const value = take(QUOTED_VALUE)?.[1]?.replace(/\\([^])/g, '$1') ?? take(BARE_VALUE)?.[0] ?? '';
      if (open?.parameters.has(word) === false) open.parameters.set(word, value);
      continue;
    }
    // The second half of an unquoted `qop=auth,auth-int` looks like a scheme; a scheme has something behind it.
    NOTHING_BEFORE_COMMA.lastIndex = position;
    if (open !== undefined && NOTHING_BEFORE_COMMA.test(text)) continue;
    const token = word === 'digest' ? undefined : take(TOKEN_OF_SCHEME)?.[1];
    found.push({ scheme: word, parameters: new Map(), token });
  }
}
