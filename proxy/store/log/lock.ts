// One folder, one process. Every starter puts an entry of its own name into the folder, and owns the folder once it has
// looked and seen no other live one. Of two who come at once, the one that looked later sees the other's entry: there
// are never two owners. An entry is a Unix socket on which its owner listens: the kernel closes it with the process,
// however that ends, and it answers across containers, where another's pid says nothing. Where a folder cannot hold
// sockets (mounts of a foreign system) an entry is an empty file, and the pid and start time in its name must do.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CausewayError } from '../../errors.ts';
import { type OnLogEvent } from './events.ts';
import { ownStart, processIsAlive, socketAnswers } from './liveness.ts';

/** Time first: the entry of an owner sorts before those of all who come later. */
const ENTRY = /^lock-\d{13}-(?<pid>\d+)-(?<start>\d+)-[0-9a-f]{8}$/;
/** How long the first of two simultaneous starters waits for the second to withdraw. */
const TIE_MS = 3000;
const TIE_POLL_MS = 10;

export interface LockOptions {
  readonly folder: string;
  /** An open descriptor of `folder`, held until the lock is released. */
  readonly folderDescriptor: number;
  readonly onEvent: OnLogEvent;
  /** Files even where sockets would work. */
  readonly withoutSockets?: boolean;
}

export type Release = () => Promise<void>;

/** Unix sockets take 107 bytes of path; on Linux the folder's descriptor stands for its path, however long. */
const socketPath = ({ folder, folderDescriptor }: LockOptions, name: string): string =>
  process.platform === 'linux' ? `/proc/self/fd/${folderDescriptor}/${name}` : join(folder, name);

async function listen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    // Not exclusive, a worker of a cluster would listen in its primary's process, which may outlive it.
    server.listen({ path, exclusive: true });
    await once(server, 'listening');
    return server.unref();
  } catch {
    return undefined;
  }
}

async function publish(options: LockOptions, name: string): Promise<Release> {
  const entry = join(options.folder, name);
  const server = options.withoutSockets === true ? undefined : await listen(socketPath(options, `new-${name}`));
  // An entry appears only once it answers: asked before, it would be taken for a dead one.
  if (server === undefined) writeFileSync(entry, '', { flag: 'wx', mode: 0o600 });
  else renameSync(join(options.folder, `new-${name}`), entry);
  return async () => {
    rmSync(entry, { force: true });
    if (server === undefined) return;
    server.close();
    await once(server, 'close');
  };
}

interface Entry {
  readonly name: string;
  readonly pid: number;
  readonly alive: boolean;
}

async function entriesOfOthers(options: LockOptions, own: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const file of readdirSync(options.folder, { withFileTypes: true })) {
    const { name } = file;
    const { pid, start } = ENTRY.exec(name)?.groups ?? {};
    if (pid === undefined || start === undefined || name === own) continue;
    const alive = file.isSocket() ? await socketAnswers(socketPath(options, name)) : processIsAlive(Number(pid), start);
    entries.push({ name, pid: Number(pid), alive });
  }
  return entries;
}

/** Throws CAUSEWAY_STORE_LOCKED while another process, or this one already, has the folder. */
export async function lockFolder(options: LockOptions): Promise<Release> {
  const { folder, onEvent } = options;
  const time = Date.now().toString().padStart(13, '0');
  const own = `lock-${time}-${process.pid}-${ownStart()}-${randomBytes(4).toString('hex')}`;
  const release = await publish(options, own);
  const deadline = performance.now() + TIE_MS;
  try {
    for (;;) {
      const others = await entriesOfOthers(options, own);
      const live = others.filter(({ alive }) => alive);
      const owner = live.find(({ name }) => name < own) ?? (performance.now() > deadline ? live[0] : undefined);
      if (owner !== undefined) {
        throw new CausewayError('CAUSEWAY_STORE_LOCKED', `process ${owner.pid} has ${folder} open`);
      }
      if (live.length === 0) {
        for (const { name, pid } of others) {
          // A name never comes again, so that nobody's live entry can be hit.
          rmSync(join(folder, name), { force: true });
          onEvent({ kind: 'lock taken over', pid });
        }
        return release;
      }
      await delay(TIE_POLL_MS);
    }
  } catch (error) {
    await release();
    throw error;
  }
}
