// The time windows of Activate() (TR-181 FirmwareImage.{i}.Activate()): when an image is to be put into use. Pure.
import { instanceNumbersOf, parentOf } from '../../path/concrete.ts';
import { MOST_WINDOWS } from './table.ts';

export interface Window {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Tries after the first one. */
  readonly retries: number;
}
export type Windows =
  | { readonly ok: true; readonly windows: readonly Window[] }
  /** `missing`: an argument is; else one says what cannot be. */
  | { readonly ok: false; readonly missing: boolean; readonly why: string };

/** -1 leaves it to the Agent. */
const OWN_RETRIES = 2;
const MOST_RETRIES = 10;
const LARGEST = 2 ** 32 - 1;
/** Both begin with the window: the gateway has nothing to wait for. */
const MODES: ReadonlySet<string> = new Set(['AnyTime', 'Immediately']);
const OTHER_MODES: ReadonlySet<string> = new Set(['WhenIdle', 'ConfirmationNeeded']);

const refused = (why: string, missing = false): Windows => ({ ok: false, missing, why });

/** From arguments `TimeWindow.{i}.Start` and so on; without any: now, and as long as `foreverMs`. */
export function windowsFrom(args: ReadonlyMap<string, string>, now: number, foreverMs: number): Windows {
  const numbers = [...new Set([...args.keys()].flatMap((name) => instanceNumbersOf(parentOf(name))))];
  if (numbers.length === 0) return { ok: true, windows: [{ start: now, end: now + foreverMs, retries: 0 }] };
  if (numbers.length > MOST_WINDOWS) return refused(`at most ${MOST_WINDOWS} time windows`);
  const windows: Window[] = [];
  for (const number of numbers) {
    const window = oneWindow((name) => args.get(`TimeWindow.${number}.${name}`)?.trim(), number, now);
    if ('ok' in window) return window;
    windows.push(window);
  }
  windows.sort((one, other) => one.start - other.start);
  const overlaps = windows.some(({ start }, index) => start < (windows[index - 1]?.end ?? start));
  return overlaps ? refused('time windows do not overlap') : { ok: true, windows };
}

function oneWindow(
  given: (name: string) => string | undefined,
  number: number,
  now: number,
): Window | Extract<Windows, { readonly ok: false }> {
  const fail = (why: string, missing = false): Extract<Windows, { readonly ok: false }> => ({
    ok: false,
    missing,
    why: `TimeWindow.${number}: ${why}`,
  });
  const absent = ['Start', 'End', 'Mode'].find((name) => given(name) === undefined);
  if (absent !== undefined) return fail(`${absent} is missing`, true);
  const [start, end] = [secondsOf(given('Start')), secondsOf(given('End'))];
  if (start === undefined || end === undefined || start >= end)
    return fail('Start and End are seconds from now, Start before End');
  const mode = given('Mode') ?? '';
  if (OTHER_MODES.has(mode))
    return fail(`${mode} is not supported: CWMP tells neither whether a CPE is idle nor what its user says`);
  if (!MODES.has(mode)) return fail('Mode is AnyTime or Immediately');
  const retries = given('MaxRetries') ?? '0';
  if (!/^(?:-1|\d{1,2})$/.test(retries) || Number(retries) > MOST_RETRIES) return fail('MaxRetries is from -1 to 10');
  return {
    start: now + start * 1000,
    end: now + end * 1000,
    retries: retries === '-1' ? OWN_RETRIES : Number(retries),
  };
}

function secondsOf(text: string | undefined): number | undefined {
  const seconds = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return seconds <= LARGEST ? seconds : undefined;
}

/** Between two tries in a window. */
export const RETRY_MS = 60_000;

export type Turn =
  /** `at`: when its next try begins. */
  | { readonly kind: 'wait'; readonly index: number; readonly tries: number; readonly at: number }
  | { readonly kind: 'over' };

/** When a task whose try has failed, or could not begin, has its next one: in the same window, or in the next. */
export function nextTurn(
  windows: readonly Window[],
  { index, tries }: { readonly index: number; readonly tries: number },
  now: number,
): Turn {
  const window = windows[index];
  if (window === undefined) return { kind: 'over' };
  const at = Math.max(window.start, now + (tries === 0 ? 0 : RETRY_MS));
  if (tries <= window.retries && at < window.end) return { kind: 'wait', index, tries, at };
  return nextTurn(windows, { index: index + 1, tries: 0 }, now);
}
