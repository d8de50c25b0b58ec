import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { missingProsody, startProsody } from '../prosody-server.ts';
import { idleDevice, missingNamespaces, network, raiseNat, startCpe } from './nat.ts';

const PATH = 'Device.DeviceInfo.SoftwareVersion';
const PASSWORDS = { acs: 'acs-xmpp-secret', cpe: 'cpe-xmpp-secret' };

t.test('a Get wakes a CPE behind NAT over XMPP', { skip: missingNamespaces() || missingProsody() }, async (t) => {
  raiseNat(t);
  const accounts = { 'acs@xmpp.example': PASSWORDS.acs, 'cpe@xmpp.example': PASSWORDS.cpe };
  const { port } = await startProsody(t, { accounts, addresses: [`${network}.1`] });
  const harness = await startHarness(t, {
    'cwmp.listen': `${network}.1:0`,
    'xmpp.server': `127.0.0.1:${port}`,
    'xmpp.jid': 'acs@xmpp.example',
    'xmpp.password': PASSWORDS.acs,
    insecure: 'true',
  });
  const account = ['--xmpp-account', 'cpe@xmpp.example', '--xmpp-password', PASSWORDS.cpe];
  const { lines, seen } = startCpe(t, harness.acsUrl, ['--xmpp', `${network}.1:${port}`, ...account]);
  await seen(/4 VALUE CHANGE/);
  const { endpointId } = await idleDevice(harness);
  t.notOk(lines.some((line) => line.includes('6 CONNECTION REQUEST')));

  const controller = await harness.controller();
  const answer = await controller.request(endpointId, { kind: 'get', param_paths: [PATH], max_depth: 0 });
  t.match(answer, { kind: 'get_resp', req_path_results: [{ requested_path: PATH, err_code: 0 }] });
  t.ok(await seen(/XMPP Connection Request: taken/));
  t.ok(await seen(/opens: 6 CONNECTION REQUEST/));
});
