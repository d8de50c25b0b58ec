// The session cookie: letters and digits only, so that any CPE carries it; it names the owner's incarnation and the
// session, under a MAC, so that any node can tell whose a POST is without asking anybody (DESIGN mechanism 3).
import { createHmac, timingSafeEqual } from 'node:crypto';

const NAME = 'causeway';
const INCARNATION = 16;
const SESSION = 16;
const MAC = 16;
const VALUE = new RegExp(`(?:^|[;,\\s])${NAME}="?([A-Za-z0-9]{${INCARNATION + SESSION + MAC}})(?![A-Za-z0-9])`, 'g');

export const incarnationLength = INCARNATION;
export const sessionLength = SESSION;

export interface SessionName {
  readonly incarnation: string;
  readonly session: string;
}

/** Hexadecimal: letters and digits, 64 bits. */
const macOf = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex').slice(0, MAC);

/** The Set-Cookie header. Path alone: CPEs echo attributes as if they were cookies (quirk 4), and one needs Path. */
export function setCookie(key: Uint8Array, { incarnation, session }: SessionName): string {
  return `${NAME}=${incarnation}${session}${macOf(key, incarnation + session)}; Path=/`;
}

/** The sessions that a Cookie header names under our MAC: more than one where a CPE keeps what it should replace. */
export function readCookies(key: Uint8Array, header: string | undefined): readonly SessionName[] {
  return [...(header ?? '').matchAll(VALUE)].flatMap(([, value = '']) => {
    const name = value.slice(0, INCARNATION + SESSION);
    const given = Buffer.from(value.slice(INCARNATION + SESSION));
    if (!timingSafeEqual(given, Buffer.from(macOf(key, name)))) return [];
    return [{ incarnation: name.slice(0, INCARNATION), session: name.slice(INCARNATION) }];
  });
}
