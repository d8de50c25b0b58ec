import t from 'tap';
import { agentOf, startHarness } from '../gateway/harness.ts';
import { causeway, knownCpe } from './run-causeway.ts';

t.test('devices, and how one is named', async (t) => {
  const harness = await startHarness(t);

  await t.test('before any has come', async (t) => {
    const listed = await causeway(harness, 'devices');
    t.same(listed.code, 0);
    t.match(listed.err, /no device has come/);
    const named = await causeway(harness, 'usp', 'get', 'T0001', 'Device.');
    t.equal(named.code, 2);
    t.match(named.err, /no device is called T0001: none has come to this gateway yet/);
  });

  const first = await knownCpe(harness);
  const second = await knownCpe(harness, {
    // CSI as one character: XML can carry it, while it has no way to write ESC.
    deviceId: { manufacturer: 'Ex\u009b31mample', oui: '02C0DE', productClass: 'Set Top', serialNumber: 'A-7/8' },
  });

  await t.test('the list has each with what the gateway knows of it', async (t) => {
    const { code, out, err } = await causeway(harness, 'devices');
    t.same({ code, err }, { code: 0, err: '' });
    const lines = out.trimEnd().split('\n');
    t.match(lines[0], /^device +manufacturer +software/);
    t.equal(lines.length, 3);
    t.match(out, /\n02C0DE-Router-T0001 +Example +3\.2\.1 +Device\. +\d+ s ago +0 BOOTSTRAP, 1 BOOT +- +0\n/);
    t.match(out, 'Ex\\x9b31mample');
    const { json, out: text } = await causeway(harness, 'devices', '--json');
    for (const shown of [out, text]) t.notMatch(shown, /[\u001b\u009b]/);
    t.match(json, { devices: [{}, { Manufacturer: 'Ex\u009b31mample' }] });
    const { devices } = json as { devices: readonly { readonly endpointId: string }[] };
    t.same(devices.map(({ endpointId }) => endpointId).sort(), [agentOf(first), agentOf(second)].sort());
  });

  const serialThrough = async (name: string): Promise<string> => {
    const { out, err } = await causeway(harness, 'usp', 'get', name, 'Device.LocalAgent.EndpointID');
    return out === '' ? err : out.trim().replace(/^.* = /, '');
  };

  await t.test('by Endpoint ID, device id, serial number, or the beginning or end of one', async (t) => {
    for (const name of [agentOf(first), '02C0DE-Router-T0001', 'T0001', 't0001', '02C0DE-R']) {
      t.equal(await serialThrough(name), agentOf(first), name);
    }
    for (const name of [agentOf(second), 'A-7/8', '%2F8', 'A-7']) {
      t.equal(await serialThrough(name), agentOf(second), name);
    }
  });

  await t.test('what may be two, or none, is answered with candidates', async (t) => {
    const several = await causeway(harness, 'usp', 'get', '02C0DE', 'Device.');
    t.equal(several.code, 2);
    t.match(several.err, /02C0DE may be any of 2 devices:\n {2}02C0DE-\S+ .*\n {2}02C0DE-/);
    t.match(await serialThrough('T0010'), /no device is called T0010; did you mean\n {2}02C0DE-Router-T0001 /);
    t.match(await serialThrough('zzz'), /no device is called zzz; there are\n/);
  });

  await t.test('requests, and one of them with its answer', async (t) => {
    await causeway(harness, 'usp', 'set', 'T0001', 'Device.WiFi.Radio.1.Channel=6');
    const listed = await causeway(harness, 'requests', 'T0001', '--json');
    const { requests } = listed.json as { requests: readonly { readonly id: string; readonly from_id: string }[] };
    t.match(requests, [{ from_id: 'self::causeway-cli', state: 'succeeded' }]);
    const id = requests[0]?.id ?? '';
    const text = await causeway(harness, 'requests', 'T0001');
    t.match(text.out, new RegExp(`\n${id} +usp +succeeded +\\S+ +1 +self::causeway-cli\n`));
    const { code, json } = await causeway(harness, 'request', id, '--json');
    t.equal(code, 0);
    t.match(json, {
      id,
      steps: [{ method: 'SetParameterValues', answered: true }],
      answer: { body: { kind: 'set_resp' } },
    });
    const shown = await causeway(harness, 'request', id);
    t.match(shown.out, /\nstep 1 {2}SetParameterValues {2}\S+ {2}answered\n/);
    const unknown = await causeway(harness, 'request', 'nobody:nothing');
    t.equal(unknown.code, 2);
    t.match(unknown.err, /no such request/);
  });
});
