// Structured logs: one JSON object a line. Secrets never reach a line: fields that may hold one are redacted by name,
// and nothing logs a SOAP body or a USP payload.
import pino, { type Logger } from 'pino';

export type Log = Logger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

const SECRET_FIELDS = ['password', 'Password', 'token', 'secret', 'authorization', 'Authorization', 'cookie', 'key'];

/** Lines go to `destination`, or to standard output. */
export function createLog(level: LogLevel, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
