// CPEs that ask before they send a body (`Expect: 100-continue`), as libcurl does with long ones; and those that expect
// something nobody knows.
import t from 'tap';
import { startHarness } from './harness.ts';
import { cookieLine, wholeSession } from './south-http-session.ts';
import { counted, informText, rawConnection } from './south-tools.ts';

t.test('Expect: 100-continue with every POST', async (t) => {
  const harness = await startHarness(t);
  for (const [serial, waits] of [
    ['WAITS', true],
    ['HASTY', false],
  ] as const) {
    const connection = await rawConnection(t, harness);
    await wholeSession(t, {
      serial,
      send: async (body, cookie) => {
        const length = `Content-Length: ${Buffer.byteLength(body)}`;
        const lines = ['POST / HTTP/1.1', 'Expect: 100-continue', length, ...cookieLine(cookie)];
        connection.send(`${lines.join('\r\n')}\r\n\r\n`);
        if (!waits) connection.send(body);
        const told = await connection.response();
        t.equal(told.status, 100);
        if (waits) connection.send(body);
        return await connection.response();
      },
    });
  }
});

t.test('a body that is too large may be told so before it is sent', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  const grown = await counted(harness, ['cwmp_refused'], async () => {
    connection.send('POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 100000000\r\n\r\n');
    t.equal((await connection.response()).status, 100);
    t.equal((await connection.response()).status, 413);
    await connection.ended();
  });
  t.same(grown, { 'cwmp_refused too-large': 1 });
});

t.test('an expectation that nobody knows is passed over', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  t.match(await connection.exchange(informText({ serial: 'EXPECT' }), { Expect: 'miracles' }), { status: 200 });
});
