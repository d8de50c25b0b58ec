import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { causeway, knownCpe } from './run-causeway.ts';

const CHANNEL = 'Device.WiFi.Radio.1.Channel';
const SSID = 'Device.WiFi.SSID.1.SSID';

t.test('set', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness);
  const set = (...args: readonly string[]) => causeway(harness, 'usp', 'set', 'T0001', ...args);

  await t.test('values reach the CPE, and the answer has them', async (t) => {
    const { code, out, err } = await set(`${CHANNEL}=6`, `${SSID}=a = "b" & c`);
    t.same({ code, err }, { code: 0, err: '' });
    t.equal(out, `${CHANNEL} = 6\n${SSID}     = a = "b" & c\n`);
    t.equal(cpe.get(CHANNEL), '6');
    t.equal(cpe.get(SSID), 'a = "b" & c');
  });

  await t.test('one refused value refuses all, and is not shown', async (t) => {
    const { code, out, err } = await set(`${CHANNEL}=hunter2`, `${SSID}=other`);
    t.same({ code, out }, { code: 1, out: '' });
    t.match(err, `${CHANNEL}: 7011 invalid type`);
    t.notMatch(err, 'hunter2');
    t.equal(cpe.get(SSID), 'a = "b" & c');
  });

  await t.test('the CPE may be who refuses', async (t) => {
    const { code, err } = await set(`${CHANNEL}=999`);
    t.equal(code, 1);
    t.match(err, new RegExp(`${CHANNEL}: 7012 invalid value: CWMP 9007`));
    t.equal(cpe.get(CHANNEL), '6');
  });

  await t.test('--partial sets what can be set', async (t) => {
    const { code, json, err } = await set(`${CHANNEL}=abc`, `${SSID}=partly`, '--partial', '--json');
    t.equal(code, 1);
    t.equal(cpe.get(SSID), 'partly');
    t.equal(cpe.get(CHANNEL), '6');
    t.match(json, {
      kind: 'set_resp',
      updated_obj_results: [
        { requested_path: 'Device.WiFi.Radio.1.' },
        {
          requested_path: 'Device.WiFi.SSID.1.',
          oper_status: { updated_inst_results: [{ updated_params: { SSID: 'partly' } }] },
        },
      ],
    });
    t.match(err, `${CHANNEL}: 7011`);
  });

  await t.test('a search sets every row it finds', async (t) => {
    const { code, err } = await set('Device.IP.Interface.[Enable==true].MaxMTUSize=1400');
    t.same({ code, err }, { code: 0, err: '' });
    t.equal(cpe.get('Device.IP.Interface.1.MaxMTUSize'), '1400');
    t.equal(cpe.get('Device.IP.Interface.2.MaxMTUSize'), '1400');
  });

  await t.test('an Alias names its row for good (R-KEY.1)', async (t) => {
    for (const rows of ['[AddressSource=="Static"]', '[HostName=="phone"]']) {
      const { code, err } = await set(`Device.Hosts.Host.${rows}.Alias=found`);
      t.equal(code, 1);
      t.match(err, 'Device.Hosts.Host.2.Alias: 7013');
    }
    t.equal(cpe.get('Device.Hosts.Host.2.Alias'), 'cpe-2');
  });
  t.same(cpe.complaints, []);
});
