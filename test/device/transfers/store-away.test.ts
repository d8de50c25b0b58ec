// A store that goes away between a CPE's answer and its outcome: what the CPE said is not lost.
import t from 'tap';
import { CausewayError } from '../../../proxy/errors.ts';
import type { MailboxSteps } from '../../../proxy/store/mailbox-steps.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { KEY } from '../room-at-hand.ts';
import { answers, faulted, openTransfers } from './transfers-at-hand.ts';

/** The first outcome finds the store away. */
function losesOutcome(store: Store): Store {
  let away = true;
  const settle: MailboxSteps['settle'] = (...settlement) => {
    if (!away) return store.mailbox.settle(...settlement);
    away = false;
    return Promise.reject(new CausewayError('CAUSEWAY_STORE_AWAY', 'it does not answer'));
  };
  const mailbox = new Proxy(store.mailbox, {
    get: (target, name: keyof MailboxSteps) =>
      name === 'settle' ? settle : (Reflect.get(target, name) as (...args: readonly unknown[]) => unknown).bind(target),
  });
  return { ...store, mailbox };
}

t.test('a fault is kept with the transfer once the store is back', async (t) => {
  const at = await openTransfers(t, { store: losesOutcome });
  await at.introduce();
  const key = await at.begin();
  const session = await at.session(answers({ Download: faulted(9013) }));
  await session.over;
  t.match((await at.once(key, 'failed')).end, { FaultCode: 9013 });
  t.equal(session.rpcs.filter(({ method }) => method === 'Download').length, 1);
  t.match(await at.store.mailbox.listRequests(KEY, 1), [{ state: 'failed' }]);
});
