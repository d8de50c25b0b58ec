// Makes mappings/tr181/ from the fact tables of TR-181. Reads three tables and writes two texts; everything in between is
// decided in the pure modules beside this file.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileTr181, TABLES } from './tr181-files.ts';

const HELP = `Makes the model files of TR-181 from the fact tables.

  node dist/proxy/cli/models/compile-tr181.js --facts <folder> --out <folder>

  --facts  the folder that holds ${Object.values(TABLES).join(', ')}
  --out    the folder, already there, into which model.txt and cwmp-difference.txt are written
  --help   this text

The same facts give the same files, byte for byte. A fact that is not understood is named with its file
and line; nothing is written then, and the exit code is 1.`;

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

function compile(facts: string, out: string): number {
  const read = (name: string): string => readFileSync(join(facts, name), 'utf8');
  const { files, problems } = compileTr181({
    usp: read(TABLES.usp),
    cwmp: read(TABLES.cwmp),
    difference: read(TABLES.difference),
  });
  for (const { file, line, message } of problems) console.error(`${join(facts, file)}:${line}: ${message}`);
  if (problems.length > 0) return 1;
  for (const { name, text } of files) {
    writeFileSync(join(out, name), text);
    console.log(`${join(out, name)}: ${text.split('\n').length - 1} lines, ${Buffer.byteLength(text)} bytes`);
  }
  return 0;
}

function main(): number {
  const given = options();
  if (given === '') {
    console.log(HELP);
    return 0;
  }
  if (typeof given === 'string') {
    console.error(`${given}; --help says more`);
    return 2;
  }
  try {
    return compile(given.facts, given.out);
  } catch (error) {
    // A folder or table that is not there: the system's own message names it.
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

process.exitCode = main();
