// What the tests of the log share: opening one in a folder of the test's own, and looking at its files.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LogEvent, type Log, type LogOptions, openLog } from '../../../proxy/store/log/log.ts';

export type TestLog = Log & { readonly events: LogEvent[] };

/** `t.teardown` closes it, if the test has not. */
export async function open(
  t: { teardown(done: () => Promise<void>): void },
  folder: string,
  options: Partial<LogOptions> = {},
): Promise<TestLog> {
  const events: LogEvent[] = [];
  const onEvent = (event: LogEvent): void => void events.push(event);
  const log = await openLog({ folder, sync: 'none', clock: Date.now, onEvent, ...options });
  t.teardown(() => log.close().catch(() => undefined));
  return Object.assign(log, { events });
}

export const segmentFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => join(folder, name));

/** The folder as a kill would leave it now: segments without the lock and without a clean end. */
export function crashCopy(folder: string, copy: string): string {
  cpSync(folder, copy, { recursive: true, filter: (path) => !/\/(?:new-)?lock-[^/]*$/.test(path) });
  return copy;
}

export const text = (log: Log, key: string): string | undefined => log.get(key)?.toString();
