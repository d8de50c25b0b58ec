// Makes mappings/tr181/ from the fact tables of TR-181. Reads three tables and writes two texts; everything in between is
// decided in the pure modules beside this file.
import { compileTr181, TABLES } from './tr181-files.ts';
import { runCompiler } from './write-files.ts';

const HELP = `Makes the model files of TR-181 from the fact tables.

  node dist/proxy/cli/models/compile-tr181.js --facts <folder> --out <folder>

  --facts  the folder that holds ${Object.values(TABLES).join(', ')}
  --out    the folder, already there, into which model.txt and cwmp-difference.txt are written
  --help   this text

The same facts give the same files, byte for byte. A fact that is not understood is named with its file
and line; nothing is written then, and the exit code is 1.`;

process.exitCode = runCompiler({ help: HELP, tables: TABLES, compile: compileTr181 });
