// CPEs that use a connection for one POST only: they say so beforehand, or just go. Their cookie holds the session.
import t, { type Test } from 'tap';
import { type Harness, startHarness } from './harness.ts';
import { cookieLine, postText, type SendPost, wholeSession } from './south-http-session.ts';
import { counted, informText, rawConnection, rpcOf } from './south-tools.ts';

/** Each POST on a connection of its own, with these headers. */
function onNewConnections(t: Test, harness: Harness, headers: readonly string[], leave: 'waits' | 'resets'): SendPost {
  return async (body, cookie) => {
    const connection = await rawConnection(t, harness);
    connection.send(postText(body, undefined, [...headers, ...cookieLine(cookie)]));
    const answer = await connection.response();
    if (leave === 'resets') connection.socket.resetAndDestroy();
    else await connection.ended();
    return answer;
  };
}

t.test('one connection for each POST', async (t) => {
  const harness = await startHarness(t);
  const grown = await counted(harness, ['cwmp_refused', 'failure', 'cwmp_session_end'], async () => {
    const close = ['Connection: close'];
    await wholeSession(t, { serial: 'CLOSE', send: onNewConnections(t, harness, close, 'waits') });
    await wholeSession(t, { serial: 'RESET', send: onNewConnections(t, harness, [], 'resets') });
  });
  t.same(grown, { 'cwmp_session_end done': 2 });
});

t.test('connections that stay open beside each other', async (t) => {
  const harness = await startHarness(t);
  await wholeSession(t, {
    serial: 'BESIDE',
    send: async (body, cookie) => {
      const connection = await rawConnection(t, harness);
      connection.send(postText(body, undefined, cookieLine(cookie)));
      return await connection.response();
    },
  });
});

t.test('without a cookie there is no session on another connection', async (t) => {
  const harness = await startHarness(t);
  const send = onNewConnections(t, harness, ['Connection: close'], 'waits');
  t.equal(rpcOf(await send(informText({ serial: 'NONE' }), '')), 'InformResponse');
  const grown = await counted(harness, ['cwmp_refused'], async () => {
    t.match(await send('', ''), { status: 400, body: 'no-session\n' });
  });
  t.same(grown, { 'cwmp_refused no-session': 1 });
});
