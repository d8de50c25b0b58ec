// One parameter of the CPE behind several of the view, and one of the view made of several: what a Set sends, and how often
// it asks before.
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { CPE_SSIDS, Hand, NumberedView, SSIDS } from './numbered-view.ts';
import { set, setPartly, update } from './requests.ts';

const ROW = `${SSIDS}101.`;
const atHand = async (): Promise<{ readonly agent: AgentAtHand; readonly hand: Hand }> => {
  const hand = new Hand();
  const agent = new AgentAtHand({ dump: 'home-router-tr098', view: new NumberedView(hand) });
  await agent.model();
  return { agent, hand };
};
const sent = (agent: AgentAtHand): readonly unknown[] =>
  agent.cpe.rpcs.flatMap(({ method, request }) => (method === 'SetParameterValues' ? [request] : []));

t.test('what must be known before is read once for the message, and the answer shows what the view will', async (t) => {
  const { agent, hand } = await atHand();
  const answer = await agent.ask(
    set(update(ROW, { Both: 'cafe' }), update(`${SSIDS}103.`, { Both: 'bar/40', Enable: 'true' })),
  );
  t.match(answer, {
    updated_obj_results: [
      { oper_status: { updated_inst_results: [{ updated_params: new Map([['Both', 'cafe/6']]) }] } },
      {
        oper_status: {
          updated_inst_results: [
            {
              updated_params: new Map([
                ['Both', 'bar/40'],
                ['Enable', '1'],
              ]),
            },
          ],
        },
      },
    ],
  });
  t.same(agent.cpe.called, ['GetParameterValues', 'SetParameterValues']);
  t.match(
    sent(agent),
    [
      {
        ParameterList: [
          { Name: `${CPE_SSIDS}1.Channel`, Value: '6', Type: 'unsignedInt' },
          { Name: `${CPE_SSIDS}3.Channel`, Value: '40' },
          { Name: `${CPE_SSIDS}1.SSID`, Value: 'cafe' },
          { Name: `${CPE_SSIDS}3.SSID`, Value: 'bar' },
          { Name: `${CPE_SSIDS}3.Enable`, Value: '1', Type: 'boolean' },
        ],
      },
    ],
    'in their order, without a word of it',
  );
  t.match(agent.cpe.asked[0]?.snapshot, {
    before: [
      [`${CPE_SSIDS}1.SSID`, 'pinewood-home'],
      [`${CPE_SSIDS}1.Channel`, '6'],
    ],
  });
  t.equal(hand.news.at(-1)?.written?.get(`${CPE_SSIDS}1.SSID`), 'cafe', 'the view hears what was written');
});

t.test('two parameters of one CPE parameter must agree', async (t) => {
  const { agent } = await atHand();
  const error = await agent.ask(set(update(ROW, { 'SSID!': 'one', 'Upper!': 'other' })));
  const why = `the device has one parameter for ${ROW}SSID and ${ROW}Upper`;
  t.match(error, {
    kind: 'error',
    param_errs: [
      { err_code: 7012, err_msg: why },
      { err_code: 7012, err_msg: why },
    ],
  });
  t.same(sent(agent), []);
  t.match(await agent.ask(set(update(ROW, { SSID: 'same', Upper: 'same' }))), { kind: 'set_resp' });
  t.match(sent(agent), [{ ParameterList: [{ Name: `${CPE_SSIDS}1.SSID`, Value: 'same' }] }]);
  const partly = await agent.ask(
    setPartly(update(ROW, { SSID: 'a' }), update(ROW, { Upper: 'b' }), update(ROW, { Enable: 'true' })),
  );
  t.match(partly, {
    updated_obj_results: [
      { oper_status: { updated_inst_results: [{ param_errs: [{ param: 'SSID', err_code: 7012 }] }] } },
      { oper_status: { updated_inst_results: [{ param_errs: [{ param: 'Upper', err_code: 7012 }] }] } },
      { oper_status: { updated_inst_results: [{ param_errs: [] }] } },
    ],
  });
  t.match(await agent.ask(set(update(ROW, { SSID: 'first' }), update(ROW, { SSID: 'last' }))), { kind: 'set_resp' });
  t.equal(agent.cpe.device.model.peek(`${CPE_SSIDS}1.SSID`), 'last', 'the same parameter twice: the last word counts');
});

t.test("a fault that names the CPE's parameter is each parameter's that it stands behind", async (t) => {
  const { agent } = await atHand();
  agent.cpe.rules.add({
    method: 'SetParameterValues',
    answer: { fault: 9003, parameters: [{ name: `${CPE_SSIDS}1.SSID`, code: 9007 }] },
    times: 1,
  });
  const answer = await agent.ask(setPartly(update(ROW, { SSID: 'x', Upper: 'x', Enable: 'true' })));
  t.match(answer, {
    updated_obj_results: [
      {
        oper_status: {
          updated_inst_results: [
            {
              param_errs: [
                { param: 'SSID', err_code: 7012 },
                { param: 'Upper', err_code: 7012 },
              ],
            },
          ],
        },
      },
    ],
  });
});
