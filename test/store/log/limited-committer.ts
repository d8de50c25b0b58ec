// Commits until a write fails, then tells what the log says: `node limited-committer.js <folder> <sync>`, started under
// `ulimit -f`. Prints one JSON object.
import { openLog } from '../../../proxy/store/log/log.ts';

const [folder = '', sync = ''] = process.argv.slice(2);
const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
const events: string[] = [];

const log = await openLog({
  folder,
  sync: sync === 'batch' ? 'batch' : 'none',
  clock: Date.now,
  onEvent: ({ kind }) => void events.push(kind),
});
let acknowledged = 0;
let waiting: unknown[] = [];
for (let n = 1; waiting.length === 0; n++) {
  log.commit([{ key: `k${n}`, value: `${n}`.padEnd(1000, '.') }]);
  const answers = await Promise.allSettled([log.flushed(), log.flushed()]);
  if (answers.every(({ status }) => status === 'fulfilled')) acknowledged = n;
  else waiting = answers.map((answer) => (answer.status === 'rejected' ? codeOf(answer.reason) : 'fulfilled'));
}
let commit: unknown;
try {
  log.commit([{ key: 'late', value: 'v' }]);
} catch (error) {
  commit = codeOf(error);
}
const flushed = await log.flushed().catch(codeOf);
const known = { first: log.get('k1')?.length, late: log.has('late') };
await log.close();
console.log(JSON.stringify({ acknowledged, waiting, commit, flushed, known, events }));
