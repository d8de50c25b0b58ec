import t from 'tap';
import { CONTROLLER_ID } from './harness.ts';
import { getBody, setDeviceScene, SOFTWARE } from './device-scene.ts';

const SECRETS = {
  'cwmp.password': 'cpe-pass-4711',
  'connectionRequest.password': 'cr-pass-4712',
  'http.token': 'token-4713',
};

t.test('no password, cookie or Authorization reaches a line of the log, at its most talkative', async (t) => {
  const scene = await setDeviceScene(
    t,
    { ...SECRETS, 'cwmp.auth': 'digest', 'cwmp.username': 'cpe-user' },
    {
      credentials: { username: 'cpe-user', password: SECRETS['cwmp.password'] },
      connectionRequest: { auth: 'digest', username: 'acs', password: SECRETS['connectionRequest.password'] },
    },
  );
  const controller = await scene.controller({ token: SECRETS['http.token'], controller: CONTROLLER_ID });
  t.equal((await controller.request(scene.agent, getBody(SOFTWARE))).kind, 'get_resp');
  await fetch(scene.acsUrl, { method: 'POST', headers: { Cookie: 'stray=cookie-4714' }, body: 'garbage' });
  await fetch(`${scene.apiUrl}/devices`, { headers: { Authorization: 'Bearer wrong-4715' } });
  t.equal(scene.calls.length, 1, 'the secrets were all used');
  const log = scene.log.join('\n');
  t.ok(log.includes('a CWMP session has ended'), 'it was talkative');
  for (const secret of [...Object.values(SECRETS), 'cookie-4714', 'wrong-4715', 'Digest ', 'Bearer ', 'nonce=']) {
    t.notOk(log.includes(secret), secret);
  }
});
