// What the replies and errors of Redis mean to who asked the store.
import t from 'tap';
import { CausewayError } from '../../../proxy/errors.ts';
import { storeFailure } from '../../../proxy/store/redis/failures.ts';

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

t.test('each failure has its code', async (t) => {
  const codes: readonly (readonly [Error, string])[] = [
    [new Error('connect ECONNREFUSED 127.0.0.1:6379'), 'CAUSEWAY_STORE_AWAY'],
    [new Error('Connection is closed.'), 'CAUSEWAY_STORE_AWAY'],
    [new Error('Command timed out'), 'CAUSEWAY_STORE_TIMEOUT'],
    [reply('LOADING Redis is loading the dataset in memory'), 'CAUSEWAY_STORE_AWAY'],
    [reply("READONLY You can't write against a read only replica."), 'CAUSEWAY_STORE_AWAY'],
    [reply('CLUSTERDOWN The cluster is down'), 'CAUSEWAY_STORE_AWAY'],
    [reply('NOAUTH Authentication required.'), 'CAUSEWAY_STORE_AWAY'],
    [reply("OOM command not allowed when used memory > 'maxmemory'."), 'CAUSEWAY_STORE_WRITE_FAILED'],
    [reply('MISCONF Redis is configured to save RDB snapshots'), 'CAUSEWAY_STORE_WRITE_FAILED'],
    [reply('WRONGTYPE Operation against a key'), 'CAUSEWAY_STORE_CORRUPT'],
    [reply('ERR user_script:2: WRONGTYPE Operation against a key'), 'CAUSEWAY_STORE_CORRUPT'],
    [reply("ERR unknown command 'EVALSHA'"), 'CAUSEWAY_BUG'],
  ];
  for (const [error, code] of codes) t.match(storeFailure(error, 'host:1'), { code, message: 'host:1' }, error.message);
});

t.test('a failure of ours stays what it is, and a command’s arguments are not kept', async (t) => {
  const ours = new CausewayError('CAUSEWAY_STORE_TIMEOUT', 'ours');
  t.equal(storeFailure(ours, 'host:1'), ours);
  const theirs = Object.assign(reply('ERR x'), { command: { name: 'set', args: ['key', 'a secret'] } });
  t.equal(storeFailure(theirs, 'host:1').cause, undefined);
  t.match(storeFailure('text', 'host:1'), { code: 'CAUSEWAY_STORE_AWAY', message: /text/ });
});
