// TriggerAction: what a Subscription sets when it fires (TP-469 1.93, 1.94).
import t from 'tap';
import { parseTriggerSettings } from '../../proxy/agent/subscriptions/trigger-config.ts';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { CONTROLLER } from './agent-at-hand.ts';
import { add, create, get, resultOf, set, update, type Values } from './requests.ts';

const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const ME = 'Device.LocalAgent.Controller.1.';

async function triggered(
  t: Parameters<typeof AgentOverStore.open>[0],
  ...rows: readonly Values[]
): Promise<AgentOverStore> {
  const over = await AgentOverStore.open(t);
  await over.deriveAll();
  for (const [index, row] of rows.entries()) {
    const values = { Enable: 'true', NotifType: 'ValueChange', ID: `s${index}`, NotifRetry: 'true', ...row };
    t.match(await over.answer(add(create(SUBSCRIPTIONS, values))), { kind: 'add_resp' });
  }
  return over;
}
const valueOf = async (over: AgentOverStore, object: string, name: string): Promise<string | undefined> => {
  const answer = await over.answer(get(object + name));
  return answer.kind === 'get_resp' ? resultOf(answer)[object]?.[name] : answer.kind;
};
const REFERENCE = { ReferenceList: `${ME}ProvisioningCode` };
const OFF = { TriggerConfigSettings: `${SUBSCRIPTIONS}10000.Enable=false,${ME}ControllerCode="a,b=%22c%22"` };

t.test('Config sets, and nobody is told', async (t) => {
  const over = await triggered(t, { ...REFERENCE, ...OFF, TriggerAction: 'Config' });
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'x' })));
  t.same(await over.notifications(), []);
  t.equal(await valueOf(over, `${SUBSCRIPTIONS}10000.`, 'Enable'), 'false');
  t.equal(await valueOf(over, ME, 'ControllerCode'), 'a,b="c"');
});

t.test('NotifyAndConfig does both, also where the Subscription ends itself by it', async (t) => {
  const over = await triggered(t, { ...REFERENCE, ...OFF, TriggerAction: 'NotifyAndConfig' });
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'x' })));
  t.match(await over.notifications(), [{ kind: 'value_change', param_value: 'x' }]);
  t.equal(await valueOf(over, `${SUBSCRIPTIONS}10000.`, 'Enable'), 'false');
});

t.test('what is set is a change like any other; a circle ends', async (t) => {
  const code = (value: string): Values => ({
    TriggerAction: 'NotifyAndConfig',
    ReferenceList: `${ME}ControllerCode,${ME}ProvisioningCode`,
    TriggerConfigSettings: `${ME}ControllerCode=${value}`,
  });
  const over = await triggered(t, code('one'), code('two'));
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'x' })));
  await over.deriveAll();
  const told = await over.notifications();
  t.ok(told.length > 2 && told.length < 50, `${told.length} Notifies`);
  t.equal(await valueOf(over, ME, 'ControllerCode'), 'two');
});

t.test('what cannot be set keeps nothing else from being set', async (t) => {
  const TriggerConfigSettings = `${ME}EndpointID=7,Device.LocalAgent.Bogus.X=1,${ME}ControllerCode=set`;
  const over = await triggered(t, { ...REFERENCE, TriggerConfigSettings, TriggerAction: 'Config' });
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'x' })));
  await over.deriveAll();
  t.equal(await valueOf(over, ME, 'ControllerCode'), 'set');
});

t.test('parameters of the CPE: a mailbox entry of its own, as the Recipient', async (t) => {
  const TriggerConfigSettings = 'Device.WiFi.SSID.[SSID=="a,b"].Enable=true,Device.WiFi.SSID.1.SSID="new"';
  const over = await triggered(t, { ...REFERENCE, TriggerConfigSettings, TriggerAction: 'Config' });
  await over.answer(set(update(ME, { 'ProvisioningCode!': 'x' })));
  await over.deriveAll();
  const entry = over.submitted.find(({ kind }) => kind === 'config');
  t.match(entry, { origin: { from_id: CONTROLLER }, returnPath: undefined });
  const msg = decodeMsg(Buffer.from(entry?.payload ?? '', 'base64'));
  t.match(msg.ok && msg.msg.body, {
    kind: 'set',
    allow_partial: true,
    update_objs: [
      { obj_path: 'Device.WiFi.SSID.[SSID=="a,b"].', param_settings: [{ param: 'Enable', value: 'true' }] },
      { obj_path: 'Device.WiFi.SSID.1.', param_settings: [{ param: 'SSID', value: 'new' }] },
    ],
  });
});

t.test('what is no list of settings', async (t) => {
  for (const text of ['Device.A', 'Device.A.=1', 'Device.A.B="x', '=1', 'Device.A.B="x"y', 'Device.A.*.B()=1'])
    t.equal(parseTriggerSettings(text), undefined, text);
  t.same(parseTriggerSettings(''), []);
  t.same(parseTriggerSettings(' Device.A.B = 7 , Device.A.C=""'), [
    { path: 'Device.A.B', value: '7' },
    { path: 'Device.A.C', value: '' },
  ]);
});
