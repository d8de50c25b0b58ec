// Whether the owner of a lock entry is alive.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** State letter and start time (ticks since boot) of a process, where /proc tells them. */
function processStat(pid: number): { readonly state: string; readonly start: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the command in parentheses, and may itself hold blanks and parentheses (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

export const ownStart = (): string => processStat(process.pid)?.start ?? '0';

/** A pid is given again, a pid with its start time is not. Without /proc the pid alone must do. */
export function processIsAlive(pid: number, start: string): boolean {
  const stat = processStat(pid);
  if (stat !== undefined) return stat.start === start && stat.state !== 'Z' && stat.state !== 'X';
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Only a refused connection, or no socket at all, proves that nobody listens. */
export function socketAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}
