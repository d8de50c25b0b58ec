// What a failed command means to who asked the store. No text of a failure holds a command's arguments or the URL.
import { CausewayError, type ErrorCode } from '../../errors.ts';

/** Replies of a server that is there but cannot serve now: it loads, fails over, is a replica, or runs a script. */
const NOT_NOW = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|BUSY|UNKILLABLE)\b/;
const NOT_ADMITTED = /^(NOAUTH|WRONGPASS|NOPERM|ERR invalid password|ERR max number of clients)/;
const NO_ROOM = /^(OOM|MISCONF)\b/;
const FOREIGN = /^WRONGTYPE\b|WRONGTYPE Operation/;

function codeOf(message: string, name: string): ErrorCode {
  if (message === 'Command timed out') return 'CAUSEWAY_STORE_TIMEOUT';
  if (FOREIGN.test(message)) return 'CAUSEWAY_STORE_CORRUPT';
  if (NO_ROOM.test(message)) return 'CAUSEWAY_STORE_WRITE_FAILED';
  // A reply that is none of these is to a command that should not have been sent.
  const away = name !== 'ReplyError' || NOT_NOW.test(message) || NOT_ADMITTED.test(message);
  return away ? 'CAUSEWAY_STORE_AWAY' : 'CAUSEWAY_BUG';
}

/** The failure of a command or a connection in the words of the catalogue. `where` names the server, without secrets. */
export function storeFailure(error: unknown, where: string): CausewayError {
  if (error instanceof CausewayError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = codeOf(message, name);
  // An ioredis error carries its command with all arguments; it is not kept as the cause.
  return new CausewayError(code, `Redis at ${where}: ${message}`);
}
