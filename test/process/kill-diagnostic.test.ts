// The gateway dies while a CPE runs a test: the next run hears of its end, and tells it once.
import t from 'tap';
import { operate } from '../agent/requests.ts';
import { Inbox, subscription } from '../gateway/north-agent-tools.ts';
import { PING, PING_ARGS } from '../gateway/operations-scene.ts';
import { AGENT, setScene } from './scene.ts';

const timings = { retryScale: 0.02, diagnosticTime: 400 };

t.test('killed while a test runs', async (t) => {
  const scene = await setScene(t, { timings });
  const first = scene.cpe.nextSession();
  await scene.cpe.start();
  await first;
  const before = await scene.controller();
  const told = { ID: 'all', NotifType: 'OperationComplete', ReferenceList: PING, Persistent: 'true' };
  await before.request(AGENT, subscription({ ...told, NotifRetry: 'true' }));
  const ended = scene.cpe.waitFor('session-ended');
  const answer = await before.request(AGENT, operate(PING, PING_ARGS, 'k1'));
  t.match(answer, { operation_results: [{ operation_resp: { req_obj_path: 'Device.LocalAgent.Request.1.' } }] });
  await ended;
  await scene.kill();
  await scene.startAgain();
  const after = await scene.controller();
  const inbox = new Inbox(after);
  t.match(await inbox.nextNotification(), {
    kind: 'oper_complete',
    command_key: 'k1',
    operation_resp: { kind: 'req_output_args' },
  });
  // Were there a second one it would stand before the next command's.
  await after.request(AGENT, operate(PING, PING_ARGS, 'k2'));
  t.match(await inbox.nextNotification(), { kind: 'oper_complete', command_key: 'k2' });
  t.equal(scene.cpe.rpcs.filter(({ method }) => method === 'SetParameterValues').length, 2);
  t.same(scene.cpe.complaints, []);
});
