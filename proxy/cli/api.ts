// The gateway's REST API as the commands use it: one call, and an answer or why there is none.
import { EXIT, type Failure, failure, misused, type Result, success } from './outcome.ts';
import { printable } from './output/printable.ts';
import type { Settings } from './settings.ts';

const LONGEST_SHOWN = 300;

/** A field of JSON that may be anything. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
export const textOf = (value: unknown, name: string): string => {
  const field = fieldOf(value, name);
  return typeof field === 'string' || typeof field === 'number' ? String(field) : '';
};
export const listOf = (value: unknown, name: string): readonly unknown[] => {
  const field = fieldOf(value, name);
  return Array.isArray(field) ? field : [];
};

/** How a network failure is told: the code that the system gave, and what to do about it. */
export function unreachable(gateway: string, error: unknown): Failure {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = textOf(cause, 'code');
  const why = code === '' ? (cause instanceof Error ? cause.message : String(cause)) : code;
  const advice =
    code === 'ECONNREFUSED' ? '; causeway start runs a gateway, --gateway names another' : '; is --gateway right?';
  return failure(EXIT.unreachable, `no gateway at ${gateway} (${printable(why)})${advice}`);
}

/** What a status other than success means; `text` is the body. */
export function refusedWith(gateway: string, status: number, text: string): Failure {
  const said = printable(text.trim().slice(0, LONGEST_SHOWN));
  if (status === 401 || status === 403) {
    const advice = status === 401 ? '; give its http.token as --token or CAUSEWAY_TOKEN' : '';
    return failure(EXIT.refused, `${gateway} refused (${status}): ${said}${advice}`);
  }
  const advice = status === 404 || status === 405 ? '; --gateway wants the address of http.listen' : '';
  return failure(EXIT.unreachable, `${gateway} answered ${status}: ${said}${advice}`);
}

export type ApiAnswer = Result<unknown> | { readonly ok: 'missing'; readonly message: string };

export const authorizationOf = ({ token }: Settings): Readonly<Record<string, string>> =>
  token === undefined ? {} : { Authorization: `Bearer ${token}` };

/** `path`: after `/api/v1`. */
export function urlOf({ gateway, tenant }: Settings, path: string): string {
  const whose = tenant === undefined ? '' : `${path.includes('?') ? '&' : '?'}tenant=${encodeURIComponent(tenant)}`;
  return `${gateway}/api/v1${path}${whose}`;
}

/** `json`: the body of a POST. `missing`: the API knows no such thing. */
export async function callApi(
  settings: Settings,
  path: string,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' = 'GET',
  json?: unknown,
): Promise<ApiAnswer> {
  const { gateway, timeoutMs } = settings;
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const headers = { ...authorizationOf(settings), ...(json !== undefined && { 'Content-Type': 'application/json' }) };
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const options = { method, headers, signal, redirect: 'manual' as const, ...body };
    const response = await fetch(urlOf(settings, path), options);
    return readAnswer(gateway, response.status, await response.text());
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      return failure(EXIT.unreachable, `no answer from ${gateway} within ${timeoutMs / 1000} s (--timeout)`);
    }
    return unreachable(gateway, error);
  }
}

/** What an answer of the API means; `text` is its body. */
export function readAnswer(gateway: string, status: number, text: string): ApiAnswer {
  const value = parseJson(text);
  const isGood = status >= 200 && status < 300;
  if (isGood && value !== undefined) return success(value);
  const message = textOf(value, 'message');
  if (status === 404 && textOf(value, 'error') === 'not-found') return { ok: 'missing', message };
  // The gateway has understood: what was typed is wrong, or cannot be done now, or is more than it takes.
  if (status === 400 && message !== '') return misused(message);
  if ([409, 413, 507].includes(status) && message !== '') return failure(EXIT.partly, message);
  if (isGood) return failure(EXIT.unreachable, `${gateway} answers, but not as a Causeway gateway`);
  return refusedWith(gateway, status, message === '' ? text : `${textOf(value, 'error')}: ${message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
