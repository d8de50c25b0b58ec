// A process that tries to open a log: `node lock-taker.js <folder>`. Prints `open` or the code and text of the refusal,
// and holds the log until its input ends.
import { writeSync } from 'node:fs';
import { CausewayError } from '../../../proxy/errors.ts';
import { openLog } from '../../../proxy/store/log/log.ts';

try {
  const log = await openLog({ folder: process.argv[2] ?? '', sync: 'none', clock: Date.now });
  writeSync(1, 'open\n');
  process.stdin.resume().once('end', () => void log.close());
} catch (error) {
  writeSync(1, error instanceof CausewayError ? `${error.code} ${error.message}\n` : `${String(error)}\n`);
}
