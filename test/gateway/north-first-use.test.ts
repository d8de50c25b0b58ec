// Controllers that are trusted on first use (TR-369 R-SEC.6, R-SEC.8): by a certificate of their own, where the template says so.
import { once } from 'node:events';
import t from 'tap';
import { get, operate, resultOf } from '../agent/requests.ts';
import { Tester } from '../conformance/tester.ts';
import { missingOpenssl, selfSigned } from '../openssl.ts';
import { agentOf, startHarness } from './harness.ts';
import { clientOf, doorScene, hostOf, open, own, refusedAs, TOKEN } from './north-tls-tools.ts';
import { knownCpe } from './north-tools.ts';

const skip = missingOpenssl();
const TRUST = 'Device.LocalAgent.ControllerTrust.';

t.test('trust on first use', { skip }, async (t) => {
  const { harness, authority, come, change } = await doorScene(t, 'request');
  const mine = own(t, 'self::new');
  t.same(await come('self::new', clientOf(mine)), refusedAs('no-door'), 'off by default');
  const on = { TOFUAllowed: 'true', TOFUInactivityTimer: '1' };
  await change({ set: TRUST, values: on });
  const first = await open(t, harness, authority.cert, 'self::new', clientOf(mine));
  t.equal(first.outcome, 'open');
  t.same(await once(first.socket, 'close'), [1008, Buffer.from('inactive')], 'it has said nothing');
  t.same(
    await come('self::new', clientOf(mine)),
    ['open', { 'certificate_judged door': 1 }],
    'from then on it is known',
  );
  t.same(await come('self::new', clientOf(own(t, 'self::new'))), refusedAs('no-door'), 'and another is not (R-SEC.8)');
  t.same(
    await come('self::operator', clientOf(own(t, 'self::second'))),
    refusedAs('no-door'),
    'nor one that names another',
  );
  const cpe = await knownCpe(harness);
  const shows = clientOf(mine);
  const options = { url: `wss://${hostOf(harness)}`, agent: agentOf(cpe), eid: 'self::new', ca: authority.cert, shows };
  const tester = await Tester.connect(options);
  t.teardown(() => tester.close());
  const denied = await tester.expect('get_resp', get('Device.DeviceInfo.SoftwareVersion'));
  t.match(denied.req_path_results, [{ err_code: 7026 }], 'it is untrusted (R-SEC.6)');
  const Value = Buffer.from('on the label').toString('base64');
  await change({ add: `${TRUST}Challenge.`, values: { Enable: 'true', Value, Role: `${TRUST}Role.2` } });
  const asked = await tester.expect(
    'operate_resp',
    operate(`${TRUST}RequestChallenge()`, { ChallengeRef: `${TRUST}Challenge.1` }),
  );
  const [response] = asked.operation_results.map(({ operation_resp }) => operation_resp);
  const ChallengeID = response?.kind === 'req_output_args' ? (response.output_args.get('ChallengeID') ?? '') : '';
  await tester.expect('operate_resp', operate(`${TRUST}ChallengeResponse()`, { ChallengeID, Value }));
  const allowed = await tester.expect('get_resp', get('Device.LocalAgent.UpTime'));
  t.same(Object.keys(resultOf(allowed)), ['Device.LocalAgent.'], 'a Challenge takes it further (R-SEC.7)');
  t.notMatch(harness.log.join(), Value, 'of which the log does not say with what');
  await change({ set: TRUST, values: { TOFUAllowed: 'false' } });
  t.same(await come('self::new', clientOf(mine)), ['open', { 'certificate_judged door': 1 }], 'who is known stays');
  t.same(await come('self::late', clientOf(own(t, 'self::late'))), refusedAs('no-door'));
});

t.test('trust on first use where certificates are required, and where there is no TLS', { skip }, async (t) => {
  const { come, change } = await doorScene(t, 'require');
  await change({ set: TRUST, values: { TOFUAllowed: 'true' } });
  t.same(await come('self::new', clientOf(own(t, 'self::new'))), ['open', { 'certificate_judged first-use': 1 }]);
  t.equal((await come('self::new', { token: TOKEN }))[0], 'failed');
  t.equal((await come('self::new', clientOf(selfSigned(t))))[0], 'failed', 'one that names nobody');

  const plain = await startHarness(t, { 'http.token': TOKEN });
  const answer = await fetch(`${plain.apiUrl}/template`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ changes: [{ set: TRUST, values: { TOFUAllowed: 'true' } }] }),
  });
  t.equal(answer.status, 200);
  await t.rejects(plain.controller({ controller: 'self::new' }), /401/);
});
