// What a step costs in round trips, seen from a relay between node and Redis: a round trip is all that is sent before the
// next reply.
import t from 'tap';
import type { Store } from '../../../proxy/store/store.ts';
import { type Direction, startRelay } from '../../process/relay.ts';
import { missingRedis, startRedis } from '../../redis-server.ts';
import {
  CAPS,
  claim,
  claimed,
  derived,
  entry,
  event,
  giveUp,
  inform,
  KEY,
  keyOf,
  outcome,
  read,
  row,
  START,
  step,
  transfer,
  transferEnd,
  transferReport,
  tree,
} from '../contract/samples.ts';
import { openOn } from './open.ts';

t.test('round trips', { skip: missingRedis() }, async (t) => {
  const server = await startRedis(t);
  const relay = await startRelay({ host: '127.0.0.1', port: server.port });
  t.teardown(() => relay.close());
  let trips = 0;
  let last: Direction = 'to-cpe';
  relay.gate = (direction) => {
    if (direction === 'to-gateway' && last === 'to-cpe') trips += 1;
    last = direction;
    return true;
  };
  const url = `redis://127.0.0.1:${relay.port}`;
  const cost = async (run: () => Promise<unknown>): Promise<number> => {
    const before = trips;
    await run();
    return trips - before;
  };
  const node = await openOn(t, url);
  const other = await openOn(t, url);
  // Both connections know the scripts from here on.
  await claim(node);
  await claim(other);
  await node.due.schedule({ kind: 'a', key: KEY, at: START });

  t.test('a periodic Inform with nothing to do costs two', async (t) => {
    await claim(node);
    const session = async (): Promise<void> => {
      const { epoch } = await claim(node);
      t.same(await node.devices.release(KEY, epoch, giveUp({ eventsDone: 100 })), { kind: 'released', waiting: 0 });
    };
    t.equal(await cost(session), 2);
    await claim(other);
    t.equal(await cost(session), 3, 'and one more where another node had the device since');
  });

  t.test('where there are several tenants it costs the same', async (t) => {
    const key = keyOf('A7', 'acme');
    await claim(node, { key, claimsTenant: true });
    const session = async (): Promise<void> => {
      const { epoch } = await claim(node, { key, claimsTenant: true });
      await node.devices.release(key, epoch, giveUp({ eventsDone: 100 }));
    };
    t.equal(await cost(session), 2);
    const wrong = inform({ key: keyOf('A7', 'beta'), claimsTenant: true });
    t.equal(await cost(() => node.devices.saveInform(wrong)), 2, 'a wrong guess');
  });

  t.test('one of a device with credentials of its own costs three, whoever had the device since', async (t) => {
    const pair = { id: 'one', box: 'sealed', at: START };
    t.equal(
      await cost(async () => node.credentials.saveNext(KEY, await claimed(node), pair)),
      2,
      'one with its Inform',
    );
    const session = async (): Promise<void> => {
      await read(node);
      const { epoch, credentials } = await claim(node, { presentedPair: 'one' });
      t.match(credentials, { current: { id: 'one' }, next: undefined });
      await node.devices.release(KEY, epoch, giveUp({ eventsDone: 100 }));
    };
    t.equal(await cost(session), 3, 'the one in which it becomes the current one included');
    t.equal(await cost(session), 3);
    await claim(other);
    t.equal(await cost(session), 3);
  });

  t.test('a request costs four: enqueue, step, outcome, and taking the next', async (t) => {
    const epoch = await claimed(node);
    t.equal(await cost(() => node.mailbox.enqueue(KEY, entry('r1'), CAPS, epoch)), 1);
    t.equal(await cost(() => node.mailbox.recordStep(KEY, epoch, 'r1', step(1), {})), 1);
    t.equal(await cost(() => node.mailbox.settle(KEY, epoch, 'r1', { outcome: outcome() })), 1);
    t.equal(await cost(() => node.mailbox.take(KEY, epoch)), 1);
  });

  t.test('every step of the owner costs one', async (t) => {
    const { epoch } = await claim(node);
    const { localVersion } = await read(node);
    const sequence = (await read(node)).pendingEvents.at(-1)?.sequence ?? 0;
    const { devices, mailbox, outbox, transfers } = node;
    const steps: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
      readDevice: () => devices.readDevice(KEY),
      saveReport: () => devices.saveReport(KEY, epoch, 'd', event()),
      raiseEvents: () => devices.raiseEvents(KEY, epoch, [event()]),
      saveTree: () => devices.saveTree(KEY, epoch, tree()),
      saveRemembered: () => devices.saveRemembered(KEY, epoch, 'numbers'),
      saveMethods: () => devices.saveMethods(KEY, epoch, ['Reboot']),
      saveLedger: () => devices.saveLedger(KEY, epoch, 'ledger'),
      saveParking: () => devices.saveParking(KEY, 'learnt'),
      setQuiet: () => devices.setQuiet(KEY, epoch, undefined),
      clearDoubt: () => devices.clearDoubt(KEY, epoch),
      changeLocal: () => devices.changeLocal(KEY, localVersion, 'rows'),
      attach: () => devices.attach(KEY, 'n1'),
      detach: () => devices.detach(KEY, 'n1'),
      beginWake: () => devices.beginWake(KEY, 'n1', START, 1),
      endWake: () => devices.endWake(KEY, { at: START, outcome: 'arrived', detail: '' }),
      findDevice: () => devices.findDevice('default', `ops::${KEY.device}`),
      beginTransfer: () => transfers.beginTransfer(KEY, transfer('t1'), 2),
      readTransfer: () => transfers.readTransfer(KEY, 't1'),
      endTransfer: () => transfers.endTransfer(KEY, 't1', transferEnd(), ['waiting']),
      saveTransferReport: () => transfers.saveTransferReport(KEY, epoch, 'd2', event(), transferReport('t1')),
      listTransfers: () => transfers.listTransfers(KEY),
      expireTransfers: () => transfers.expireTransfers(KEY, START),
      'enqueue behind another': () => mailbox.enqueue(KEY, entry('r2'), CAPS),
      'take what came': () => mailbox.take(KEY, epoch),
      putBack: () => mailbox.putBack(KEY, epoch, 'r2'),
      failWaiting: () => mailbox.failWaiting(KEY, outcome('failed')),
      expireRequests: () => mailbox.expireRequests(KEY, START, 1, 'late'),
      deriveNotifies: () => outbox.deriveNotifies(KEY, sequence, derived([row(sequence)]), 10),
      notifyWritten: () => outbox.notifyWritten(KEY, `${sequence}.1.0`, START),
      notifyAnswered: () => outbox.notifyAnswered(KEY, row(sequence).controller, row(sequence).msg_id),
      expireNotifies: () => outbox.expireNotifies(KEY, START),
      schedule: (store) => store.due.schedule({ kind: 'a', key: KEY, at: START }),
      heartbeat: (store) => store.nodes.heartbeat('n1', START, 1000),
      readTemplate: (store) => store.tenants.readTemplate('default'),
    };
    for (const [name, run] of Object.entries(steps)) t.equal(await cost(() => run(node)), 1, name);
  });

  t.test('what the node does not know of a device costs one more', async (t) => {
    const epoch = await claimed(other);
    await other.mailbox.enqueue(KEY, entry('r3'), CAPS, epoch);
    t.equal(await cost(() => node.devices.readDevice(KEY)), 1, 'the refusal brings it');
    await other.devices.raiseEvents(KEY, epoch, [event()]);
    t.equal(await cost(() => node.devices.raiseEvents(KEY, epoch, [event()])), 2);
    t.equal(await cost(() => node.mailbox.settle(KEY, epoch, 'r3', { outcome: outcome() })), 2, 'another’s request');
    const fresh = await openOn(t, url);
    await fresh.ping();
    t.equal(await cost(() => fresh.mailbox.listRequests(KEY, 10)), 2, 'however many requests there are');
  });
});
