// ValueChange on a whole gateway: whoever changes the value, and however it was referred to.
import t from 'tap';
import { add, create, get, set, update } from '../agent/requests.ts';
import { agentOf, startHarness } from './harness.ts';
import { knownCpe } from '../cli/run-causeway.ts';
import { Inbox, watch } from './north-agent-tools.ts';

const SSID = 'Device.WiFi.SSID.1.';
const MAPPINGS = 'Device.NAT.PortMapping.';
const change = (param_path: string, param_value: string): unknown => ({
  kind: 'value_change',
  param_path,
  param_value,
});

t.test('values of a CPE', async (t) => {
  const harness = await startHarness(t, { 'park.poll': '1s', 'tree.fresh': '0s' });
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);
  const controller = await harness.controller();
  const inbox = new Inbox(controller);

  await t.test('changed at the CPE', async (t) => {
    t.equal((await watch(controller, cpe, { ID: 'ssid', ReferenceList: `${SSID}SSID` })).kind, 'add_resp');
    cpe.setLocally(`${SSID}SSID`, 'by hand');
    t.match(await inbox.next(), {
      notify: { subscription_id: 'ssid', send_resp: false, notification: change(`${SSID}SSID`, 'by hand') },
    });
  });

  await t.test('changed by a Controller, the subscriber itself too: a CPE does not report that', async (t) => {
    await controller.request(agent, set(update(SSID, { 'SSID!': 'by Set' })));
    t.match(await inbox.nextNotification(), change(`${SSID}SSID`, 'by Set'));
    await controller.request(agent, set(update(SSID, { 'SSID!': 'by Set' })));
    await controller.request(agent, set(update(SSID, { 'SSID!': 'at last' })));
    t.match(await inbox.nextNotification(), change(`${SSID}SSID`, 'at last'), 'the same value again is no change');
  });

  await t.test('everything below an object, in the spelling of USP', async (t) => {
    await watch(controller, cpe, { ID: 'radio', ReferenceList: 'Device.WiFi.Radio.' });
    await controller.request(agent, set(update('Device.WiFi.Radio.1.', { 'Channel!': '+01', 'Enable!': '0' })));
    const both = [await inbox.nextNotification(), await inbox.nextNotification()];
    t.match(
      both.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other))),
      [change('Device.WiFi.Radio.1.Channel', '1'), change('Device.WiFi.Radio.1.Enable', 'false')],
    );
  });

  await t.test('rows that come later, by a wildcard', async (t) => {
    await watch(controller, cpe, { ID: 'ports', ReferenceList: `${MAPPINGS}*.Description` });
    const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
    await controller.request(agent, add(create(MAPPINGS, { Description: 'new' })));
    await armed;
    await controller.request(agent, set(update(`${MAPPINGS}2.`, { 'Description!': 'changed' })));
    t.match(await inbox.nextNotification(), change(`${MAPPINGS}2.Description`, 'changed'));
  });

  await t.test('rows that the CPE made by itself, once somebody has seen them', async (t) => {
    const number = cpe.addInstance(MAPPINGS, { Description: 'its own' });
    const armed = cpe.waitFor('rpc', ({ method }) => method === 'SetParameterAttributes');
    await controller.request(agent, get(MAPPINGS));
    await armed;
    cpe.setLocally(`${MAPPINGS}${number}.Description`, 'changed too');
    t.match(await inbox.nextNotification(), change(`${MAPPINGS}${number}.Description`, 'changed too'));
  });

  t.equal((await controller.request(agent, get(`${SSID}SSID`))).kind, 'get_resp');
  t.equal(inbox.waiting, 0, 'nothing was told twice');
  t.same(cpe.complaints, []);
});
