// A whole session by hand, for tests of one shape of HTTP each: how a POST gets to the gateway is theirs.
import type { Test } from 'tap';
import { answerTo, lightCpe } from '../proxies/light-cpe.ts';
import { cookieOf, informText, type RawResponse, rpcOf } from './south-tools.ts';

/** `cookie` is '' before there is one. */
export type SendPost = (body: string, cookie: string) => Promise<RawResponse>;

export interface WholeSession {
  readonly serial: string;
  /** Of the Inform. */
  readonly text?: string;
  readonly send: SendPost;
}

const RPCS = ['InformResponse', 'GetRPCMethods', 'GetParameterNames', ''];
const MOST = 10;

/** From the Inform to the 204, all RPCs of a first contact answered; what the last response was. */
export async function wholeSession(t: Test, { serial, text, send }: WholeSession): Promise<RawResponse> {
  const cpe = lightCpe(serial, '');
  let answer = await send(text ?? informText({ serial }), '');
  const cookie = cookieOf(answer);
  const rpcs = [rpcOf(answer)];
  for (let body = ''; answer.status === 200 && rpcs.length < MOST;) {
    answer = await send(body, cookie);
    rpcs.push(rpcOf(answer));
    if (answer.status === 200) body = answerTo(cpe, answer.body);
  }
  t.same(rpcs, RPCS, `${serial}: every RPC of a first contact`);
  t.equal(answer.status, 204, `${serial}: and its end`);
  return answer;
}

/** A POST as bytes, with this first line and these header lines. */
export function postText(body: string, line = 'POST / HTTP/1.1', headers: readonly string[] = []): string {
  const lines = [line, ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

export const cookieLine = (cookie: string): readonly string[] => (cookie === '' ? [] : [`Cookie: ${cookie}`]);
