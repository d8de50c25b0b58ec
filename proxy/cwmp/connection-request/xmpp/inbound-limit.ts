// How much may come from the XMPP server: the bytes of one stanza, and the stanzas that nobody asked for. A CPE that was
// called knows where we listen, and could send without end.

/** Beyond it the reading stops at the next chunk, which is at most as large again. */
const MOST_STANZA_BYTES = 64 * 1024;
const MOST_UNASKED = 1000;
const WINDOW_MS = 10_000;

export interface InboundLimit {
  /** That many bytes came; false when the stanza that is being read was too large before. */
  bytes(count: number): boolean;
  /** How long to read nothing, in milliseconds: what is left of ten seconds in which too many came. */
  unasked(now: number): number;
  /** A stanza has ended, or a connection is new. */
  restart(): void;
}

export function createInboundLimit(): InboundLimit {
  let size = 0;
  let windowEnds = 0;
  let unasked = 0;
  return {
    bytes(count) {
      const fits = size <= MOST_STANZA_BYTES;
      size += count;
      return fits;
    },
    unasked(now) {
      if (now >= windowEnds) [unasked, windowEnds] = [0, now + WINDOW_MS];
      unasked += 1;
      return unasked < MOST_UNASKED ? 0 : windowEnds - now;
    },
    restart() {
      size = 0;
    },
  };
}
