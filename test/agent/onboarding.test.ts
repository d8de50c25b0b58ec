// OnBoardRequest: on demand, for Controllers that do not know the Agent yet, and again after a while (TP-469 1.60, 1.101 to
// 1.103; R-NOT.5, R-NOT.6).
import t from 'tap';
import { KEY, START } from '../store/contract/samples.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { CONTROLLER } from './agent-at-hand.ts';
import { add, create, get, operate, remove, resultOf, set, update } from './requests.ts';

const CONTROLLERS = 'Device.LocalAgent.Controller.';
const ME = `${CONTROLLERS}1.`;
const COMPLETE = `${ME}OnBoardingComplete`;
const ASK = operate(`${ME}SendOnBoardRequest()`);

async function open(t: Parameters<typeof AgentOverStore.open>[0]): Promise<AgentOverStore> {
  const over = await AgentOverStore.open(t);
  await over.deriveAll();
  return over;
}
const complete = async (over: AgentOverStore): Promise<string | undefined> => {
  const answer = await over.answer(get(COMPLETE));
  return answer.kind === 'get_resp' ? resultOf(answer)[ME]?.['OnBoardingComplete'] : answer.kind;
};

t.test('SendOnBoardRequest() asks the Controller, by no Subscription, until it answers', async (t) => {
  const over = await open(t);
  t.equal(await complete(over), 'true', 'it found us by itself');
  t.match(await over.answer(ASK), {
    kind: 'operate_resp',
    operation_results: [{ operation_resp: { kind: 'req_output_args' } }],
  });
  t.equal(await complete(over), 'false');
  await over.deriveAll();
  const [row] = await over.store.outbox.listNotifies(KEY, CONTROLLER);
  t.match(row, { retry: true, subscription: 0 });
  t.ok((row?.expiresAt ?? 0) > START + 365 * 24 * 3600 * 1000, 'for ever');
  t.same(await over.told(), [
    [
      CONTROLLER,
      {
        kind: 'notify',
        subscription_id: '',
        send_resp: true,
        notification: {
          kind: 'on_board_req',
          oui: '02C0DE',
          product_class: 'Router',
          serial_number: 'A1',
          agent_supported_protocol_versions: '1.0,1.1,1.2,1.3,1.4',
        },
      },
    ],
  ]);
  await over.answer(set(update(ME, { 'OnBoardingComplete!': 'true' })));
  t.same(await over.told(), []);
});

t.test('again after OnBoardingRestartTime while it does not know the Agent, not without one', async (t) => {
  const over = await open(t);
  await over.answer(set(update(ME, { 'OnBoardingRestartTime!': '60' })));
  await over.answer(ASK);
  t.equal((await over.told()).length, 1);
  await over.agent.onBoarded(KEY, CONTROLLER);
  t.equal(await over.agent.lookAfter(KEY), START + 60_000);
  t.same(await over.told(), [], 'not before its time');
  over.now = START + 60_000;
  t.equal(await over.agent.lookAfter(KEY), undefined);
  t.match(await over.notifications(), [{ kind: 'on_board_req' }]);
  await over.answer(set(update(ME, { 'OnBoardingRestartTime!': '0' })));
  await over.agent.onBoarded(KEY, CONTROLLER);
  t.equal(await over.agent.lookAfter(KEY), undefined);
  await over.answer(set(update(ME, { 'OnBoardingRestartTime!': '60' })));
  await over.agent.onBoarded(KEY, CONTROLLER);
  await over.answer(set(update(ME, { 'OnBoardingComplete!': 'true' })));
  over.now += 61_000;
  await over.agent.lookAfter(KEY);
  t.same(await over.told(), [], 'it knows the Agent by now');
});

t.test(
  'a Controller that is added enabled is asked; one that goes, or says that it knows, is left alone',
  async (t) => {
    const over = await open(t);
    const one = { EndpointID: 'self::new', Enable: 'true' };
    await over.answer(add(create(CONTROLLERS, one), create(CONTROLLERS, { EndpointID: 'self::off' })));
    await over.deriveAll();
    const waiting = async (): Promise<readonly string[]> =>
      (await over.store.outbox.listNotifies(KEY, undefined)).map(({ controller }) => controller);
    t.same(await waiting(), ['self::new']);
    await over.answer(set(update(`${CONTROLLERS}10001.`, { 'Enable!': 'true' })));
    await over.deriveAll();
    t.same(await waiting(), ['self::new', 'self::off']);
    await over.answer(remove(`${CONTROLLERS}10000.`));
    await over.answer(set(update(`${CONTROLLERS}10001.`, { 'OnBoardingComplete!': 'true' })));
    t.same(await waiting(), []);
  },
);
