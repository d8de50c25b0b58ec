// What the scripts that make model files do alike: read the tables of a folder, and write what a pure function makes of
// them into another.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Problem } from './facts-table.ts';

export interface Compiled {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Facts that were not understood; when there are any, the texts are not to be used. */
  readonly problems: readonly Problem[];
}

export interface Compiler<Table extends string> {
  readonly help: string;
  /** File names. */
  readonly tables: Readonly<Record<Table, string>>;
  readonly compile: (texts: Readonly<Record<Table, string>>) => Compiled;
}

function options(): { readonly facts: string; readonly out: string } | string {
  try {
    const { values } = parseArgs({
      options: { facts: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) return '';
    if (values.facts === undefined || values.out === undefined) return 'both --facts and --out are needed';
    return { facts: values.facts, out: values.out };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function write<Table extends string>(compiler: Compiler<Table>, facts: string, out: string): number {
  const read = ([table, name]: [string, string]): [string, string] => [table, readFileSync(join(facts, name), 'utf8')];
  const texts = Object.fromEntries(Object.entries<string>(compiler.tables).map(read)) as Record<Table, string>;
  const { files, problems } = compiler.compile(texts);
  for (const { file, line, message } of problems) console.error(`${join(facts, file)}:${line}: ${message}`);
  if (problems.length > 0) return 1;
  for (const { name, text } of files) {
    writeFileSync(join(out, name), text);
    console.log(`${join(out, name)}: ${text.split('\n').length - 1} lines, ${Buffer.byteLength(text)} bytes`);
  }
  return 0;
}

/** By the process's own arguments; the exit code. */
export function runCompiler<Table extends string>(compiler: Compiler<Table>): number {
  const given = options();
  if (given === '') {
    console.log(compiler.help);
    return 0;
  }
  if (typeof given === 'string') {
    console.error(`${given}; --help says more`);
    return 2;
  }
  try {
    return write(compiler, given.facts, given.out);
  } catch (error) {
    // A folder or table that is not there: the system's own message names it.
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
