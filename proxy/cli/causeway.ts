#!/usr/bin/env node
// The command `causeway`: hands what was typed to a command, and its outcome to the shell.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from './commands.ts';
import { dispatch } from './dispatch.ts';
import { EXIT } from './outcome.ts';
import { processIo } from './output/io.ts';

function packageVersion(): string {
  const text = readFileSync(fileURLToPath(import.meta.resolve('#package')), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

// `causeway usp get … | head`: who stops reading has seen enough, and the command ends as it would have. Anything else, a
// full disk say, means that the result is not where it should be.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`causeway: standard output cannot be written: ${error.message}\n`);
  process.exit(EXIT.partly);
});
process.stderr.on('error', () => undefined);

process.exitCode = await dispatch(process.argv.slice(2), COMMANDS, {
  environment: process.env,
  io: processIo(process),
  version: packageVersion(),
});
