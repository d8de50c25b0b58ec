import { xml, type Element } from '@xmpp/client';
import t from 'tap';
import { createAnswers } from '../../../../proxy/cwmp/connection-request/xmpp/answers.ts';
import { type Clock, systemRandomness } from '../../../../proxy/operate/clock.ts';

const CPE = 'cpe@xmpp.example/1';
/** Its timers run out when the test says so. */
const due = new Set<() => void>();
const clock: Clock = {
  now: () => 0,
  after: (_ms, run) => {
    due.add(run);
    return { cancel: () => void due.delete(run) };
  },
};
const answers = createAnswers<string>(clock, systemRandomness);

function expected(): NonNullable<ReturnType<typeof answers.expect>> {
  const asked = answers.expect(CPE, 1);
  if (asked === undefined) throw new Error('too many');
  return asked;
}

const iq = (attributes: Readonly<Record<string, string>>, ...children: readonly Element[]): Element =>
  xml('iq', attributes, ...children);

t.test('only the one who was asked answers', async (t) => {
  const { id, answer } = expected();
  for (const from of ['cpe@xmpp.example/2', 'cpe@xmpp.example', 'xmpp.example', 'other@xmpp.example/1']) {
    t.equal(answers.take(iq({ type: 'result', id, from })), 'of-another', from);
  }
  t.equal(answers.take(iq({ type: 'result', id })), 'of-another', 'no sender: our own account');
  t.equal(answers.take(iq({ type: 'result', id: 'guess', from: CPE })), 'unasked');
  t.equal(answers.take(iq({ type: 'get', id, from: CPE })), 'unasked');
  t.equal(answers.take(xml('message', { id, from: CPE })), 'unasked');
  t.equal(answers.take(iq({ type: 'result', id, from: 'CPE@xmpp.example/1' })), 'answer');
  t.same(await answer, { kind: 'result' });
  t.equal(answers.take(iq({ type: 'result', id, from: CPE })), 'unasked', 'once');
});

t.test('an error is told by its condition, and a hostile one by none', async (t) => {
  const conditionOf = async (...children: readonly Element[]): Promise<unknown> => {
    const { id, answer } = expected();
    answers.take(iq({ type: 'error', id, from: CPE }, ...children));
    return answer;
  };
  const stanzas = { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' };
  const error = xml('error', { type: 'cancel' }, xml('text', stanzas), xml('not-authorized', stanzas));
  t.same(await conditionOf(xml('query', {}), error), { kind: 'error', condition: 'not-authorized' });
  t.same(await conditionOf(xml('error', {}, xml('service-unavailable', {}))), {
    kind: 'error',
    condition: 'service-unavailable',
  });
  t.same(await conditionOf(xml('error', {}, xml('Our.Password', {}))), { kind: 'error', condition: 'unknown' });
  t.same(await conditionOf(), { kind: 'error', condition: 'unknown' });
});

t.test('no answer comes in time, or ever', async (t) => {
  const late = expected().answer;
  for (const run of due) run();
  t.same(await late, { kind: 'late' });
  const { answer } = expected();
  answers.lose('gone');
  t.same(await answer, { kind: 'lost', problem: 'gone' });
});

t.test('requests under way are bounded', async (t) => {
  for (let count = 0; count < 10_000; count += 1) expected();
  t.equal(answers.expect(CPE, 1), undefined);
  answers.lose('gone');
  t.ok(answers.expect(CPE, 1));
  t.equal(due.size, 1);
});
