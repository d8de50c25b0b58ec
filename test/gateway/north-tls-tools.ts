// Hands for tests of http.listen with TLS: Controllers that show certificates, and a gateway that asks for them.
import { once } from 'node:events';
import { request } from 'node:https';
import type { TLSSocketOptions } from 'node:tls';
import type { Test } from 'tap';
import WebSocket from 'ws';
import { type Authority, createAuthority, forLoopback, type Issued, selfSigned } from '../openssl.ts';
import { type Harness, startHarness } from './harness.ts';
import { counted } from './south-tools.ts';

export const TOKEN = 'the-token-of-the-operator';

export type Client = Pick<TLSSocketOptions, 'cert' | 'key'> & { readonly token?: string };
export const clientOf = ({ cert, key }: Issued): Client => ({ cert, key });
const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { Authorization: `Bearer ${token}` };
export const hostOf = (harness: Harness): string => harness.gateway.addresses.http;

interface Opened {
  /** `open`, the status and reason of a refusal, or `failed` where TLS came to nothing. */
  readonly outcome: string;
  readonly socket: WebSocket;
}

/** Opens `/usp` over TLS as this Controller. */
export async function open(
  t: Test,
  harness: Harness,
  ca: string,
  eid: string,
  { token, ...client }: Client = {},
): Promise<Opened> {
  const socket = new WebSocket(`wss://${hostOf(harness)}/usp?eid=${eid}`, 'v1.usp', {
    ca,
    ...client,
    headers: bearer(token),
  });
  t.teardown(() => socket.terminate());
  const outcome = await new Promise<string>((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(`${response.statusCode ?? 0} ${body}`));
    });
    socket.on('error', () => resolve('failed'));
  });
  return { outcome, socket };
}

export async function apiStatus(
  harness: Harness,
  ca: string,
  { token, ...client }: Client,
  path = '/devices',
  patch?: object,
): Promise<number> {
  const asked = request(`https://${hostOf(harness)}/api/v1${path}`, {
    method: patch === undefined ? 'GET' : 'PATCH',
    ca,
    ...client,
    headers: { ...bearer(token), ...(patch !== undefined && { 'Content-Type': 'application/json' }) },
    agent: false,
  });
  asked.end(patch === undefined ? undefined : JSON.stringify(patch));
  const [response] = (await once(asked, 'response')) as [{ readonly statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode ?? 0;
}

export const tlsOf = (
  own: Issued,
  settings: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({
  'http.tls.cert': own.certFile,
  'http.tls.key': own.keyFile,
  ...settings,
});

interface Scene {
  readonly harness: Harness;
  readonly authority: Authority;
  readonly others: Authority;
}

export async function withCertificates(
  t: Test,
  clientCert: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const [authority, others] = [createAuthority(t), createAuthority(t, '/CN=Others')];
  const settings = { 'http.tls.ca': authority.certFile, 'http.tls.clientCert': clientCert, ...more };
  return { authority, others, harness: await startHarness(t, tlsOf(forLoopback(authority), settings)) };
}

export const named = (authority: Authority, endpointId: string, days?: number): Issued =>
  authority.issue('/CN=controller', `URI:urn:bbf:usp:id:${endpointId}`, days);

export interface DoorScene {
  readonly harness: Harness;
  readonly authority: Authority;
  /** Whoever may change the template. */
  readonly operator: Client;
  /** Opens `/usp`, and says what came of it and what was counted. */
  readonly come: (eid: string, client: Client) => Promise<readonly [outcome: string, counts: object]>;
  readonly change: (...changes: readonly object[]) => Promise<void>;
}

export async function doorScene(
  t: Test,
  clientCert: string,
  more: Readonly<Record<string, string>> = {},
): Promise<DoorScene> {
  const { harness, authority } = await withCertificates(t, clientCert, { 'http.token': TOKEN, ...more });
  const operator = { ...clientOf(named(authority, 'self::operator')), token: TOKEN };
  return {
    harness,
    authority,
    operator,
    async come(eid, client) {
      let outcome = '';
      const counts: Readonly<Record<string, number>> = await counted(
        harness,
        ['socket_closed', 'certificate_judged'],
        async () => {
          ({ outcome } = await open(t, harness, authority.cert, eid, client));
        },
      );
      // Whoever comes twice replaces himself.
      const { 'socket_closed replaced': _replaced, ...others } = counts;
      return [outcome, others];
    },
    async change(...changes) {
      t.equal(await apiStatus(harness, authority.cert, operator, '/template', { changes }), 200);
    },
  };
}

export const own = (t: Test, endpointId: string): Issued =>
  selfSigned(t, [`subjectAltName=URI:urn:bbf:usp:id:${endpointId}`]);
export const FOREIGN = '403 certificate-foreign';
export const refusedAs = (outcome: string): readonly [string, object] => [
  FOREIGN,
  { 'socket_closed certificate-foreign': 1, ...(outcome !== '' && { [`certificate_judged ${outcome}`]: 1 }) },
];
