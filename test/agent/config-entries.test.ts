// What a TriggerAction sets at the CPE, and does not: nobody asked for it, so it is counted and said.
import t from 'tap';
import type { CpeAccess, RunResult } from '../../proxy/device/access.ts';
import { configRunner, tellSubmitted } from '../../proxy/agent/subscriptions/config-entries.ts';
import { createLog } from '../../proxy/operate/log.ts';
import type { Metrics } from '../../proxy/operate/metrics.ts';
import type { MailboxEntry } from '../../proxy/store/mailbox-steps.ts';
import { encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { setPartly, update } from './requests.ts';

const origin = { from_id: 'proto::controller-1', to_id: 'ops::02C0DE-Router-1', msg_id: 'config-4.10000' };
const entry: MailboxEntry = {
  id: 'one',
  kind: 'config',
  payload: '',
  origin,
  returnPath: undefined,
  enqueuedAt: 0,
  deadline: 30_000,
};

function effects() {
  const counted: string[] = [];
  const logged: string[] = [];
  const metrics: Metrics = {
    count: (name, label) => void counted.push(`${name} ${label}`),
    gauge: () => undefined,
    text: async () => '',
  };
  return { counted, logged, metrics, log: createLog('info', { write: (line) => void logged.push(line) }) };
}

/** What the CPE has answered, as the Agent tells a Controller. */
async function after(body: UspBody) {
  const agent = new AgentAtHand();
  const answer = Buffer.from(encodeMsg({ msg_id: origin.msg_id, body: await agent.ask(body) })).toString('base64');
  const here = effects();
  const result: RunResult = { state: 'succeeded', error: '', answer };
  const runner = configRunner(async () => result, here);
  t.match(await runner.run(entry, {} as CpeAccess), { state: 'succeeded', answer: undefined }, 'nobody is answered');
  return here;
}

t.test('one that waited too long is said', async (t) => {
  const { counted, logged, ...here } = effects();
  const runner = configRunner(() => Promise.reject(new Error('not run')), here);
  const error = 'the device has not come';
  t.equal(runner.answerFor(entry, { state: 'expired', at: 0, error, answer: '' }), undefined);
  t.same(counted, ['trigger_config expired']);
  t.match(JSON.parse(logged[0] ?? ''), { agent: origin.to_id, config: origin.msg_id, outcome: 'expired', error });
});

t.test('what is set is counted, what is refused said', async (t) => {
  const ssid = (values: Record<string, string>): UspBody => setPartly(update('Device.WiFi.SSID.1.', values));
  const good = await after(ssid({ 'SSID!': 'new' }));
  t.same([good.counted, good.logged], [['trigger_config set'], []]);
  const bad = await after(ssid({ 'Enable!': 'perhaps' }));
  t.same(bad.counted, ['trigger_config refused']);
  t.match(bad.logged[0], 'Device.WiFi.SSID.1.');
});

t.test('a mailbox that takes no more', async (t) => {
  const { counted, logged, ...here } = effects();
  tellSubmitted(here, origin, { kind: 'queued', id: 'one' });
  t.same(counted, []);
  tellSubmitted(here, origin, { kind: 'refused', reason: 'full' });
  t.same(counted, ['trigger_config full']);
  t.equal(logged.length, 1);
});
