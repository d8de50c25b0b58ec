// The cookies that an ACS gives in one session, and gets back in it. Attributes do not matter: a session is short, and
// goes to one place. The CPE never sees them; it carries ours.

/** An ACS with more is not understood. */
const MOST_COOKIES = 16;
const LONGEST_COOKIE = 4096;

export class Cookies {
  readonly #values = new Map<string, string>();

  /** Set-Cookie headers of an answer. */
  take(headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = ''] = header.split(';', 1);
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals).trim();
      if (equals < 1 || name === '' || pair.length > LONGEST_COOKIE) continue;
      if (/;\s*max-age\s*=\s*(?:0|-\d+)\s*(?:;|$)/i.test(header)) this.#values.delete(name);
      else if (this.#values.has(name) || this.#values.size < MOST_COOKIES)
        this.#values.set(name, pair.slice(equals + 1).trim());
    }
  }

  /** The Cookie header; undefined when there is none to give. */
  get header(): string | undefined {
    if (this.#values.size === 0) return undefined;
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}
