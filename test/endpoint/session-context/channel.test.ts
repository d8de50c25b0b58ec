// A channel that loses, doubles and reorders: what is delivered is delivered once and in order, and what may be lost is
// said to be.
import fc from 'fast-check';
import t from 'tap';
import { otherOf, type Side, TwoEnds } from './two-ends.ts';

const RUNS = 400;

type Move =
  | { readonly kind: 'send'; readonly side: Side; readonly capacity: number | undefined }
  | { readonly kind: 'arrive' | 'double' | 'lose'; readonly side: Side; readonly index: number }
  | { readonly kind: 'pass'; readonly ms: number };

const side = fc.constantFrom<Side>('agent', 'controller');
const index = fc.nat(6);
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('send' as const), side, capacity: fc.constantFrom(undefined, 3) }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('arrive' as const), side, index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('double' as const, 'lose' as const), side, index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1000, 8000, 30_000) }) },
);

function run(moves: readonly Move[]): TwoEnds {
  const both = new TwoEnds();
  moves.forEach((one, count) => {
    if (one.kind === 'send') both.send(one.side, `payload ${count}`, one.capacity);
    else if (one.kind === 'pass') both.pass(one.ms);
    else if (one.kind === 'lose') both.lose(one.side, one.index);
    else both.arrive(one.side, one.index, one.kind === 'double');
  });
  return both;
}

function check(both: TwoEnds): void {
  for (const from of ['agent', 'controller'] as const) {
    const sender = both.ends[from];
    const receiver = both.ends[otherOf(from)];
    const all = [...receiver.heard.values()].flat();
    if (new Set(all).size !== all.length) throw new Error(`twice: ${all.join()}`);
    for (const [id, labels] of receiver.heard) {
      const said = sender.said.get(id) ?? [];
      if (said.slice(0, labels.length).join() !== labels.join()) throw new Error(`${said.join()}; ${labels.join()}`);
    }
    for (const [id, said] of sender.said) {
      const missing = said.length - (receiver.heard.get(id)?.length ?? 0);
      const { context } = sender;
      const kept = context.kind === 'open' && context.id === id ? context.sent.length : 0;
      if (missing > kept + (sender.lost.get(id) ?? 0))
        throw new Error(`${missing} of context ${id} were lost in silence`);
    }
  }
}

t.test('whatever the channel does: once, in order, or said', async (t) => {
  const property = fc.property(fc.array(move, { minLength: 5, maxLength: 80 }), (moves) => check(run(moves)));
  fc.assert(property, { numRuns: RUNS, seed: 369 });
  t.pass(`${RUNS} channels`);
});

t.test('once the channel is whole again the two find together', async (t) => {
  const property = fc.property(fc.array(move, { minLength: 5, maxLength: 60 }), (moves) => {
    const both = run(moves);
    const heard = (): readonly string[] => [...both.ends.controller.heard.values()].flat();
    for (let round = 0; round < 40 && !heard().includes(`probe ${round - 1}`); round += 1) {
      // Longer than any wait, and than Records of old contexts are on their way.
      both.pass(2 * 60 * 60 * 1000);
      both.settle();
      both.send('agent', `probe ${round}`);
      both.settle();
    }
    if (!heard().some((label) => label.startsWith('probe'))) throw new Error('nothing comes any more');
    check(both);
  });
  fc.assert(property, { numRuns: RUNS, seed: 369 });
  t.pass(`${RUNS} channels`);
});
