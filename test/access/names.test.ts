// Look-ups: shared while they run, and without the addresses that may not be dialled.
import t from 'tap';
import { parseHosts } from '../../proxy/access/hosts.ts';
import { allowedLookup, type Resolve, sharedResolve } from '../../proxy/access/names.ts';

const parsed = parseHosts(['*.example:443']);
if (!parsed.ok) throw new Error(parsed.entry);
const { policy } = parsed;

type Answer = readonly [error: NodeJS.ErrnoException | null, address: unknown, family: number | undefined];

const ask = (resolve: Resolve, all: boolean): Promise<Answer> =>
  new Promise((answered) =>
    allowedLookup(resolve, policy, 443)('a.example', { all }, (error, address, family) => {
      answered([error, address, family]);
    }),
  );

const GOOD = { address: '203.0.113.1', family: 4 };
const INSIDE = { address: '127.0.0.1', family: 4 };

t.test('addresses inside are taken out; none left is a failure', async (t) => {
  t.same(await ask(async () => [INSIDE, GOOD], true), [null, [GOOD], undefined]);
  t.same(await ask(async () => [INSIDE, GOOD], false), [null, GOOD.address, 4]);
  const [error] = await ask(async () => [INSIDE], true);
  t.match(error, { code: 'CAUSEWAY_ADDRESS_REFUSED' });
  const [notFound] = await ask(() => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })), true);
  t.match(notFound, { code: 'ENOTFOUND' });
});

t.test('whoever asks for a name meanwhile is answered by the same look-up', async (t) => {
  let asked = 0;
  const resolve = sharedResolve(async () => {
    asked += 1;
    return [GOOD];
  });
  t.same(await Promise.all([resolve('a'), resolve('a'), resolve('b')]), [[GOOD], [GOOD], [GOOD]]);
  t.equal(asked, 2);
  await resolve('a');
  t.equal(asked, 3, 'and afterwards it is looked up anew');
});
