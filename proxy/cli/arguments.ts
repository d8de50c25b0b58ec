// What stands after a command's name, read by its specification. A fault names options, never what was typed for them: it
// may be a secret. Pure.
import { parseArgs } from 'node:util';
import { hint } from './nearest.ts';
import { misused, type Result, success } from './outcome.ts';

export interface OptionSpec {
  /** What stands for the value in help; undefined: a switch, which takes none. */
  readonly value?: string;
  readonly help: string;
}
/** By name, without dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface Options {
  /** Whether a switch was given. */
  has(name: string): boolean;
  /** The last value given. */
  value(name: string): string | undefined;
  /** All values given, in order. */
  values(name: string): readonly string[];
}

export interface Arguments {
  readonly operands: readonly string[];
  readonly options: Options;
}

export function readArguments(args: readonly string[], specs: OptionSpecs): Result<Arguments> {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined || !rawName.startsWith('--')) {
      return misused(`${rawName} is no option of this command${hint(name, Object.keys(specs), '--')}`);
    }
    if (spec.value === undefined && value !== undefined) return misused(`${rawName} takes no value`);
    // `--timeout --json` forgot the value; one that does begin with a dash is given as --name=value.
    const forgotten = value === undefined || (!inlineValue && value.startsWith('--'));
    if (spec.value !== undefined && forgotten) return misused(`${rawName} wants a value: ${rawName} ${spec.value}`);
    given.set(name, [...(given.get(name) ?? []), value ?? '']);
  }
  return success({
    operands,
    options: {
      has: (name) => given.has(name),
      value: (name) => given.get(name)?.at(-1),
      values: (name) => given.get(name) ?? [],
    },
  });
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What a timer of Node can wait at most. */
const LONGEST_MS = 2 ** 31 - 1;

/** `250ms`, `60s`, `5m`, `2h`, `1d` as milliseconds; a number alone counts seconds. Undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text);
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? 's'] ?? Number.NaN);
  return ms >= 1 && ms <= LONGEST_MS ? ms : undefined;
}

/** The duration that an option gives, or `initial` where it is not given. */
export function durationOption(options: Options, name: string, initial: number): Result<number> {
  const text = options.value(name);
  if (text === undefined) return success(initial);
  const ms = parseDuration(text);
  return ms === undefined
    ? misused(`--${name} wants a duration with its unit, such as 250ms, 60s, 5m; at most 24d`)
    : success(ms);
}

/** `90 s`, `2 h`: for messages. */
export function formatDuration(ms: number): string {
  const unit = ['d', 'h', 'm', 's'].find((name) => ms >= (UNITS[name] ?? 1) && ms % (UNITS[name] ?? 1) === 0);
  if (unit !== undefined) return `${ms / (UNITS[unit] ?? 1)} ${unit}`;
  return ms >= 1000 ? `${Number((ms / 1000).toFixed(1))} s` : `${Math.round(ms)} ms`;
}
