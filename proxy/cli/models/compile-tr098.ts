// Makes mappings/tr098/model.txt from the fact tables of TR-098 and of the voice service that stands below its Services.
import { compileTr098, TABLES } from './tr098-files.ts';
import { runCompiler } from './write-files.ts';

const HELP = `Makes the model file of TR-098 from the fact tables.

  node dist/proxy/cli/models/compile-tr098.js --facts <folder> --out <folder>

  --facts  the folder that holds ${Object.values(TABLES).join(', ')}
  --out    the folder, already there, into which model.txt is written
  --help   this text

The same facts give the same file, byte for byte. A fact that is not understood is named with its file
and line; nothing is written then, and the exit code is 1.`;

process.exitCode = runCompiler({ help: HELP, tables: TABLES, compile: compileTr098 });
