// Reads the text of mappings/tr181/diagnostic-defaults.txt: what the prose of TR-181 says of the arguments of tests. Pure.
import type { Parsed } from './model.ts';

/** One is an argument's name, or a number. */
type Factor = string | number;

export interface DiagnosticDefaults {
  /** The value of an argument that the Controller leaves out; undefined where there is none. */
  readonly defaultOf: (command: string, argument: string) => string | undefined;
  /** An argument that may be left out only where `unless` is given and not 0. */
  readonly needOf: (command: string) => { readonly argument: string; readonly unless: string } | undefined;
  /** How long it may take with these arguments, in milliseconds; undefined where they do not tell. */
  readonly lastsMs: (command: string, args: ReadonlyMap<string, string>) => number | undefined;
}

const COMMAND = /^Device\.(?:[\w-]+\.(?:\{i\}\.)?)*[\w-]+\(\)$/;
const PRODUCT = /^\w+(?:\*\w+)*$/;

interface Reading {
  readonly defaults: Map<string, string>;
  readonly needs: Map<string, { readonly argument: string; readonly unless: string }>;
  readonly lasts: Map<string, readonly (readonly Factor[])[]>;
}

const factorOf = (word: string): Factor => (/^\d+$/.test(word) ? Number(word) : word);

/** False when the line is not understood. */
function readLine({ defaults, needs, lasts }: Reading, line: string): boolean {
  if (line === '' || line.startsWith('#')) return true;
  const [word, command = '', ...rest] = line.split(' ');
  if (!COMMAND.test(command) || rest.length === 0) return false;
  if (word === 'default') {
    for (const setting of rest) {
      const equals = setting.indexOf('=');
      const name = `${command} ${setting.slice(0, equals)}`;
      if (equals < 1 || defaults.has(name)) return false;
      defaults.set(name, setting.slice(equals + 1));
    }
    return true;
  }
  if (word === 'needs') {
    const [argument = '', unless = '', ...more] = rest;
    needs.set(command, { argument, unless });
    return unless !== '' && more.length === 0;
  }
  lasts.set(
    command,
    rest.map((product) => product.split('*').map(factorOf)),
  );
  return word === 'lasts' && rest.every((product) => PRODUCT.test(product));
}

export function parseDiagnosticDefaults(text: string): Parsed<DiagnosticDefaults> {
  const reading: Reading = { defaults: new Map(), needs: new Map(), lasts: new Map() };
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (!readLine(reading, line)) return { ok: false, line: number, reason: `not understood: "${line}"` };
  }
  const { defaults, needs, lasts } = reading;
  return {
    ok: true,
    value: {
      defaultOf: (command, argument) => defaults.get(`${command} ${argument}`),
      needOf: (command) => needs.get(command),
      lastsMs: (command, args) => {
        const value = (factor: Factor): number => (typeof factor === 'number' ? factor : Number(args.get(factor)));
        const products = lasts.get(command) ?? [];
        const sum = products.reduce(
          (ms, factors) => ms + factors.reduce<number>((one, other) => one * value(other), 1),
          0,
        );
        // Nothing, or an argument that has no number: the test runs until what it transfers is transferred.
        return sum > 0 && Number.isFinite(sum) ? sum : undefined;
      },
    },
  };
}
