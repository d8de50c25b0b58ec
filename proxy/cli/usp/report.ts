// What a command says of an Agent's answer: lines of the result, and what failed. Pure.
import { comparePaths } from '../../path/order.ts';
import { codeText } from '../../usp/codes.ts';
import type { ErrorMsg } from '../../usp/messages/error.ts';
import { alignColumns } from '../output/columns.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';

export interface Report {
  /** For standard output. */
  readonly lines: readonly string[];
  /** Worth a line on standard error, and no failure. */
  readonly notes: readonly string[];
  /** One failure each, for standard error; any makes the exit code 1. */
  readonly errors: readonly string[];
}

/** `Device.X: 7026 invalid path: no such object` */
export function errorLine(path: string, code: number, message: string): string {
  const name = codeText(code);
  const text = message === '' || message === name ? name : `${name}: ${message}`;
  return printable(`${path === '' ? '' : `${path}: `}${code} ${text}`);
}

/** The lines of a whole message that failed: the cause of each parameter, and the message's own where it says more. */
export function errorReport({ err_code, err_msg, param_errs }: ErrorMsg): Report {
  const inner = param_errs.map((error) => errorLine(error.param_path, error.err_code, error.err_msg));
  const repeats = param_errs.some((error) => error.err_msg === err_msg);
  return { lines: [], notes: [], errors: repeats ? inner : [...inner, errorLine('', err_code, err_msg)] };
}

/** `path = value` lines, aligned, as a person sorts paths. */
export function valueLines(values: ReadonlyMap<string, string>, paint: Paint): readonly string[] {
  const rows = [...values]
    .sort(([one], [other]) => comparePaths(one, other))
    .map(([path, value]) => [
      printable(path),
      { text: '=', paint: paint.dim },
      { text: printable(value), paint: paint.bold },
    ]);
  return alignColumns(rows, ' ');
}

/** `Alias=cpe-1  ID=x`, for the unique keys of a row. */
export const pairs = (map: ReadonlyMap<string, string>): string =>
  [...map].map(([name, value]) => printable(`${name}=${value}`)).join('  ');
