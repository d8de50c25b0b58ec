// What a simulated diagnostic is: its inputs in, its results out. Values are plausible, not measured.
import type { Random } from '../random.ts';

export interface DiagnosticRun {
  /** A parameter of the singleton, by name; '' when the model has none such. */
  readonly input: (name: string) => string;
  readonly random: Random;
  /** Milliseconds since 1970, when the test ended. */
  readonly now: number;
}
export interface DiagnosticResult {
  /** `Complete`, or an `Error_…`. */
  readonly state: string;
  readonly values: Readonly<Record<string, string>>;
  /** Rows by the name of the result table. */
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}
export type Diagnostic = (run: DiagnosticRun) => DiagnosticResult;

export const failed = (state: string): DiagnosticResult => ({ state, values: {}, tables: {} });

/** Names under .invalid never resolve (RFC 6761); a test that wants a failure uses one. */
export const isUnresolvable = (host: string): boolean => host === '' || /(^|\.)invalid\.?$/.test(host);

/** An input that counts something, or what stands for it when it is not set. */
export function countOf(text: string, otherwise: number): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
}

export const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1));

/** The documentation address (RFC 5737) that a name has in this imaginary network. */
export function addressOf(host: string): string {
  if (/^[\d.]+$/.test(host) || host.includes(':')) return host;
  let sum = 0;
  for (const letter of host) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 254;
  return `198.51.100.${sum + 1}`;
}
