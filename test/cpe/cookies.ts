// The cookies of one session, as CPEs keep them: most return name and value, some the whole Set-Cookie line, some
// nothing (quirks 3 and 4).
import type { HttpDialect } from './dialect.ts';

export interface CookieJar {
  /** Keeps the cookies of an answer. */
  take(setCookies: readonly string[]): void;
  /** The Cookie header, '' for none. */
  header(): string;
}

export function createCookieJar(habit: HttpDialect['cookies']): CookieJar {
  const kept = new Map<string, string>();
  return {
    take: (setCookies) => {
      if (habit === 'never') return;
      for (const line of setCookies) {
        const [pair = ''] = line.split(';', 1);
        const name = pair.split('=', 1)[0]?.trim() ?? '';
        kept.set(name, habit === 'with-attributes' ? line.trim() : pair.trim());
      }
    },
    header: () => [...kept.values()].join('; '),
  };
}
