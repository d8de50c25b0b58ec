import t from 'tap';
import { drain } from '../../proxy/operate/drain.ts';
import { createLog } from '../../proxy/operate/log.ts';

const silent = createLog('silent');

t.test('steps run in order, each after the one before', async (t) => {
  const ran: string[] = [];
  const step = (name: string) => ({ name, limitMs: 1000, run: async () => void ran.push(name) });
  t.same(await drain([step('a'), step('b'), step('c')], silent), []);
  t.same(ran, ['a', 'b', 'c']);
});

t.test('a step that hangs or fails is named and left behind: the stop is bounded', async (t) => {
  const ran: string[] = [];
  const steps = [
    { name: 'hangs', limitMs: 20, run: () => new Promise<void>(() => undefined) },
    { name: 'fails', limitMs: 1000, run: () => Promise.reject(new Error('no')) },
    {
      name: 'late failure',
      limitMs: 1,
      run: () => new Promise<void>((_, reject) => setTimeout(() => reject(new Error('late')), 20)),
    },
    { name: 'last', limitMs: 1000, run: async () => void ran.push('last') },
  ];
  t.same(await drain(steps, silent), ['hangs', 'fails', 'late failure']);
  t.same(ran, ['last']);
});
