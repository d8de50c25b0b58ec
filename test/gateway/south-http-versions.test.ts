// CPEs that speak HTTP/1.0: with a connection for each POST, or with one that they ask to be kept.
import t from 'tap';
import { startHarness } from './harness.ts';
import { cookieLine, postText, wholeSession } from './south-http-session.ts';
import { rawConnection } from './south-tools.ts';

const LINE = 'POST /acs HTTP/1.0';

t.test('HTTP/1.0: the connection ends with each answer, the session does not', async (t) => {
  const harness = await startHarness(t);
  let connections = 0;
  const last = await wholeSession(t, {
    serial: 'OLD',
    send: async (body, cookie) => {
      connections += 1;
      const connection = await rawConnection(t, harness);
      connection.send(postText(body, LINE, cookieLine(cookie)));
      const answer = await connection.response();
      t.equal(answer.headers.get('connection'), 'close');
      t.notOk(answer.headers.has('transfer-encoding'), 'which an old CPE would take for content');
      await connection.ended();
      return answer;
    },
  });
  t.equal(connections, 4);
  t.equal(last.body, '');
});

t.test('HTTP/1.0 with keep-alive: one connection for all', async (t) => {
  const harness = await startHarness(t);
  for (const [serial, cookies] of [
    ['KEPT', true],
    ['BARE', false],
  ] as const) {
    const connection = await rawConnection(t, harness);
    await wholeSession(t, {
      serial,
      send: async (body, cookie) => {
        const headers = ['Connection: Keep-Alive', ...cookieLine(cookies ? cookie : '')];
        connection.send(postText(body, LINE, headers));
        const answer = await connection.response();
        // A 204 has no length, by which HTTP/1.0 would know its end: there the connection goes with the session.
        const kept = answer.status === 200 ? 'keep-alive' : 'close';
        t.equal(answer.headers.get('connection'), kept, 'or the CPE would not know');
        return answer;
      },
    });
  }
});
