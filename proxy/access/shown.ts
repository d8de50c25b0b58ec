// What a peer shows of itself on its way in.
import type { IncomingMessage } from 'node:http';

export interface Shown {
  readonly authorization: string | undefined;
  /** Sent by browsers: the site whose script is asking. */
  readonly origin: string | undefined;
  /** The name under which it looked us up, with its port. */
  readonly host: string | undefined;
  /** The address of ours that it reached. */
  readonly reached: string | undefined;
}

export const shownBy = ({ headers, socket }: IncomingMessage): Shown => ({
  authorization: headers.authorization,
  origin: headers.origin,
  host: headers.host,
  reached: socket.localAddress,
});
