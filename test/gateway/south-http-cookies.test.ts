// What CPEs make of a cookie on the way back (quirks 3 and 4), over whole sessions: left out, in quotes, between commas,
// with its attributes, beside what is no cookie of ours.
import t from 'tap';
import { startHarness } from './harness.ts';
import { cookieLine, postText, wholeSession } from './south-http-session.ts';
import { rawConnection } from './south-tools.ts';

const MANGLED: readonly (readonly [string, (cookie: string) => readonly string[]])[] = [
  ['ATTRIBUTES', (cookie) => [`Cookie: ${cookie}; Path=/`]],
  ['ECHOED', (cookie) => [`Cookie: ${cookie}; Path=/; HttpOnly; $Version=1`]],
  ['VERSION', (cookie) => [`Cookie: $Version="1"; ${cookie}; $Path="/"`]],
  ['QUOTED', (cookie) => [`Cookie: ${cookie.replace('=', '="')}"`]],
  ['COMMA', (cookie) => [`Cookie: sid=1,${cookie},x=y`]],
  ['FOREIGN', (cookie) => [`Cookie: JSESSIONID=abc; ${cookie}`]],
  ['TWICE', (cookie) => [`Cookie: ${cookie}; ${cookie}`]],
  ['HEADERS', (cookie) => ['Cookie: a=b', `Cookie: ${cookie}`]],
  ['CASE', (cookie) => [`COOKIE:${cookie}`]],
  ['SPACE', (cookie) => [`Cookie:   ${cookie}   ;`]],
];

t.test('mangled, on a connection for each POST', async (t) => {
  const harness = await startHarness(t);
  for (const [serial, headers] of MANGLED) {
    await wholeSession(t, {
      serial,
      send: async (body, cookie) => {
        const connection = await rawConnection(t, harness);
        connection.send(postText(body, undefined, cookie === '' ? [] : headers(cookie)));
        return await connection.response();
      },
    });
  }
});

t.test('left out, on one connection', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  for (const serial of ['NEVER', 'NEVER-AGAIN']) {
    const own = serial === 'NEVER' ? connection : await rawConnection(t, harness);
    await wholeSession(t, {
      serial,
      send: async (body) => {
        own.send(postText(body));
        return await own.response();
      },
    });
  }
});

t.test('left out now and then, on one connection', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  let posts = 0;
  await wholeSession(t, {
    serial: 'SOMETIMES',
    send: async (body, cookie) => {
      posts += 1;
      connection.send(postText(body, undefined, cookieLine(posts % 2 === 0 ? cookie : '')));
      return await connection.response();
    },
  });
});
