// A gateway with more listeners for CPEs than one, and connections to each of them.
import type { ConnectionOptions } from 'node:tls';
import type { Test } from 'tap';
import type { Issued } from '../openssl.ts';
import { type Harness, startHarness } from './harness.ts';
import { type RawConnection, rawConnection } from './south-tools.ts';

export interface ListenersHarness extends Harness {
  /** A connection to the listener of this place in cwmp.listeners. */
  connect(t: Test, index: number, options?: ConnectionOptions): Promise<RawConnection>;
  readonly urls: readonly string[];
}

/** Listeners as in the YAML; `listen` is a free port. */
export async function startListeners(
  t: Test,
  listeners: readonly Readonly<Record<string, unknown>>[],
  settings: Readonly<Record<string, string>> = {},
): Promise<ListenersHarness> {
  const all = listeners.map((listener) => ({ listen: '127.0.0.1:0', ...listener }));
  const harness = await startHarness(t, { 'cwmp.listeners': JSON.stringify(all), ...settings });
  const urls = harness.gateway.addresses.cwmpListeners.map(
    (address, index) => `${listeners[index]?.['tls'] === undefined ? 'http' : 'https'}://${address}/`,
  );
  return {
    ...harness,
    urls,
    connect: (t, index, options) => rawConnection(t, { acsUrl: urls[index] ?? '' }, options),
  };
}

export const filesOf = ({ certFile, keyFile }: Issued): { readonly cert: string; readonly key: string } => ({
  cert: certFile,
  key: keyFile,
});
