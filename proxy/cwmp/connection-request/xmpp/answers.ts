// Requests under way, and the stanzas that answer them: by an id that nobody can guess, and only from the very Jabber ID
// that was asked. What nobody asked for is told apart, to be dropped.
import type { Element } from '@xmpp/client';
import type { Clock } from '../../../operate/clock.ts';
import { spellingOf } from './jid.ts';

export type Answer<Lost> =
  | { readonly kind: 'result' }
  /** `condition` as RFC 6120 §8.3.3 names it; `unknown` for all else. */
  | { readonly kind: 'error'; readonly condition: string }
  | { readonly kind: 'late' }
  | { readonly kind: 'lost'; readonly problem: Lost };

export interface Answers<Lost> {
  /** Undefined when too many are under way. `from`: who has to answer, as `spellingOf` spells it. */
  expect(from: string, ms: number): { readonly id: string; readonly answer: Promise<Answer<Lost>> } | undefined;
  take(stanza: Element): 'answer' | 'of-another' | 'unasked';
  /** The connection is gone: no answer will come. */
  lose(problem: Lost): void;
}

interface Waiting<Lost> {
  readonly from: string;
  readonly settle: (answer: Answer<Lost>) => void;
}

const MOST_WAITING = 10_000;
const ID_BYTES = 16;
const STANZA_ERRORS = 'urn:ietf:params:xml:ns:xmpp-stanzas';
const CONDITION = /^[a-z]+(-[a-z]+){0,4}$/;

export function createAnswers<Lost>(clock: Clock, random: (size: number) => Uint8Array): Answers<Lost> {
  const waiting = new Map<string, Waiting<Lost>>();
  return {
    expect(from, ms) {
      if (waiting.size >= MOST_WAITING) return undefined;
      const id = Buffer.from(random(ID_BYTES)).toString('hex');
      const answer = new Promise<Answer<Lost>>((resolve) => {
        const settle = (settled: Answer<Lost>): void => {
          timer.cancel();
          waiting.delete(id);
          resolve(settled);
        };
        const timer = clock.after(ms, () => settle({ kind: 'late' }));
        waiting.set(id, { from, settle });
      });
      return { id, answer };
    },
    take(stanza) {
      const { id = '', type, from } = stanza.attrs;
      const asked = stanza.name === 'iq' && (type === 'result' || type === 'error') ? waiting.get(id) : undefined;
      if (asked === undefined) return 'unasked';
      if (asked.from !== spellingOf(from)) return 'of-another';
      asked.settle(type === 'result' ? { kind: 'result' } : { kind: 'error', condition: conditionOf(stanza) });
      return 'answer';
    },
    lose(problem) {
      for (const { settle } of [...waiting.values()]) settle({ kind: 'lost', problem });
    },
  };
}

/** The first element of the error in the namespace of conditions; a few CPEs leave the namespace out. */
function conditionOf(stanza: Element): string {
  const elements = stanza.getChild('error')?.getChildElements() ?? [];
  const named = elements.find(({ name, attrs }) => attrs['xmlns'] === STANZA_ERRORS && name !== 'text') ?? elements[0];
  return named !== undefined && CONDITION.test(named.name) ? named.name : 'unknown';
}
