#!/usr/bin/env node
// The command `causeway`: hands what was typed to a command, and its outcome to the shell.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from './commands.ts';
import { dispatch } from './dispatch.ts';
import { processIo } from './output/io.ts';

function packageVersion(): string {
  const text = readFileSync(fileURLToPath(import.meta.resolve('#package')), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

// `causeway usp get … | head`: who stops reading has seen enough, and the command ends as it would have.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await dispatch(process.argv.slice(2), COMMANDS, {
  environment: process.env,
  io: processIo(process),
  version: packageVersion(),
});
