// How this CPE can be woken: its Connection Request URL, open while the device is on.
import { createGate, type GateOptions } from './connection-request-gate.ts';
import {
  listenForConnectionRequests,
  type ConnectionRequestServer,
  type Listener,
} from './connection-request-server.ts';
import type { Dialect } from './dialect.ts';
import type { ConnectionRequestOptions } from './options.ts';
import { randomHex, type Random } from './random.ts';

export interface Waking {
  /** Opens, and returns the URL: the old one wherever the old port can be had again. */
  open(): Promise<string>;
  /** The device goes down: a port of its own refuses from now on, on a shared one the connection is cut. */
  close(): Promise<void>;
  /** Switched off for good: on a shared port its path is not found any more. */
  remove(): Promise<void>;
}

export interface WakingOptions extends Pick<GateOptions, 'credentials' | 'isBusy'> {
  readonly settings: ConnectionRequestOptions;
  readonly replies: Dialect['connectionRequestReplies'];
  readonly random: Random;
  readonly onAccepted: () => void;
  readonly onAnswered: (status: number, inSession: boolean) => void;
}

export function createWaking(options: WakingOptions): Waking {
  const { settings, random, replies } = options;
  const path = `/${randomHex(random, 16)}`;
  let own: ConnectionRequestServer | undefined;
  let port = settings.port ?? 0;
  const gate = createGate({
    auth: settings.auth ?? 'none',
    credentials: options.credentials,
    realm: 'causeway-test-cpe',
    oneShotNonce: settings.oneShotNonce ?? false,
    whenBusy: settings.whenBusy ?? 'remember',
    isBusy: options.isBusy,
    random,
    onAccepted: options.onAccepted,
  });
  const listener: Listener = {
    replies,
    answer: (request) => {
      const inSession = options.isBusy();
      const reply = gate(request);
      options.onAnswered(reply.status, inSession);
      return reply;
    },
  };

  const deaf: Listener = { replies, answer: () => undefined };
  const close = async (): Promise<void> => {
    settings.server?.add(path, deaf);
    await own?.close();
    own = undefined;
  };

  return {
    open: async () => {
      own = settings.server === undefined ? await listenAgain(port) : undefined;
      port = own?.port ?? port;
      const server = own ?? settings.server;
      server?.add(path, listener);
      return server?.urlOf(path) ?? '';
    },
    close,
    remove: async () => {
      await close();
      settings.server?.remove(path);
    },
  };
}

/** The port it had before a reboot may have been taken meanwhile; then the device comes back on another. */
async function listenAgain(port: number): Promise<ConnectionRequestServer> {
  try {
    return await listenForConnectionRequests({ port });
  } catch (error) {
    if (port === 0) throw error;
    return await listenForConnectionRequests();
  }
}
