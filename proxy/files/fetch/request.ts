// One GET for a file: name, connection, answer, within one deadline. No proxy is asked, no redirection followed.
import { type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { HostPolicy } from '../../access/hosts.ts';
import { ADDRESS_REFUSED, allowedLookup, type Resolve } from '../../access/names.ts';
import type { Clock } from '../../operate/clock.ts';
import type { Headers } from '../headers.ts';
import { portOf } from './source.ts';

export interface RequestContext {
  readonly clock: Clock;
  readonly policy: HostPolicy;
  readonly resolve: Resolve;
  /** Until the headers of the answer are there. */
  readonly answerMs: number;
}

export type RequestFailure = 'address-not-allowed' | 'no-answer' | 'not-reached';
export type Requested =
  | { readonly ok: true; readonly response: IncomingMessage }
  | { readonly ok: false; readonly reason: RequestFailure; readonly detail: string };

export function requestFile(
  { clock, policy, resolve, answerMs }: RequestContext,
  url: URL,
  headers: Headers,
  signal: AbortSignal,
): Promise<Requested> {
  const options: RequestOptions = {
    method: 'GET',
    signal,
    // A connection of its own: nothing of one server is left for the next.
    agent: false,
    lookup: allowedLookup(resolve, policy, portOf(url)),
    headers: {
      Accept: '*/*',
      // The bytes are to be those that the checksum is of.
      'Accept-Encoding': 'identity',
      'User-Agent': 'causeway',
      ...headers,
    },
  };
  return new Promise((resolved) => {
    const request = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    const fail = (reason: RequestFailure, detail: string): void => {
      deadline.cancel();
      resolved({ ok: false, reason, detail });
      request.destroy();
    };
    const deadline = clock.after(answerMs, () => fail('no-answer', `no answer within ${answerMs} ms`));
    request.on('error', (error: NodeJS.ErrnoException) => {
      fail(error.code === ADDRESS_REFUSED ? 'address-not-allowed' : 'not-reached', error.message);
    });
    request.once('response', (response) => {
      deadline.cancel();
      resolved({ ok: true, response });
    });
    request.end();
  });
}
