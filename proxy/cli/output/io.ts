// Where a command prints: results on standard output, everything else on standard error.
import { type Paint, paintFor } from './paint.ts';

export interface Io {
  /** A line of the result. */
  out(line: string): void;
  /** A line beside the result. */
  err(line: string): void;
  /** For lines of `out`. */
  readonly paint: Paint;
  /** For lines of `err`. */
  readonly errPaint: Paint;
}

export function processIo({ stdout, stderr, env }: NodeJS.Process): Io {
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    paint: paintFor(stdout, env),
    errPaint: paintFor(stderr, env),
  };
}
