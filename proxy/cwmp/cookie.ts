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

export interface GivenCookie extends SessionName {
  readonly value: string;
}

/** Hexadecimal: letters and digits, 64 bits. */
const macOf = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex').slice(0, MAC);

/** Incarnation, session and MAC. */
export const cookieValue = (key: Uint8Array, { incarnation, session }: SessionName): string =>
  `${incarnation}${session}${macOf(key, incarnation + session)}`;

/** The Set-Cookie header. Path alone: CPEs echo attributes as if they were cookies (quirk 4), and one needs Path. */
export const setCookie = (value: string): string => `${NAME}=${value}; Path=/`;

/** What a Cookie header names, nothing proven: more than one where a CPE keeps what it should replace. */
export function readCookies(header: string | undefined): readonly GivenCookie[] {
  if (header === undefined) return [];
  return [...header.matchAll(VALUE)].map(([, value = '']) => ({
    incarnation: value.slice(0, INCARNATION),
    session: value.slice(INCARNATION, INCARNATION + SESSION),
    value,
  }));
}

/** Whether the cookie carries our MAC, of this node or of another. */
export function isOurs(key: Uint8Array, { incarnation, session, value }: GivenCookie): boolean {
  return sameText(value, cookieValue(key, { incarnation, session }));
}

/** In a time that says nothing of where they differ. */
export const sameText = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
