// How a connection of a Controller fails or ends. Apart from it, since commands that open none are not to load it.

/** The gateway answered the WebSocket's opening with an HTTP status. */
export class ConnectionRefused extends Error {
  readonly status: number;
  /** What the body says: a short name such as `unknown-agent`. */
  readonly reason: string;

  constructor(url: string, status: number, reason: string) {
    super(`${url} refused: ${status} ${reason}`);
    this.name = 'ConnectionRefused';
    this.status = status;
    this.reason = reason;
  }
}

/** The connection ended; `reason` is what the gateway said, '' when it said nothing. */
export class ConnectionClosed extends Error {
  readonly reason: string;

  constructor(code: number, reason: string) {
    super(`the gateway closed the connection: ${code} ${reason}`.trimEnd());
    this.name = 'ConnectionClosed';
    this.reason = reason;
  }
}
