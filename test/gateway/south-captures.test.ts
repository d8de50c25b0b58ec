// Informs of real CPEs, posted to the gateway as they were sent: each opens a session and is answered in its own dialect.
// The captures are third-party material; they are read where they lie, if they do.
import t from 'tap';
import { readCaptured } from '../soap/captured.ts';
import { startHarness } from './harness.ts';
import { rawConnection, rpcOf } from './south-tools.ts';

const captured = readCaptured().filter(({ body }) => /<[\w-]*:?Inform[\s>]/.test(body.toString('latin1')));

t.test('captured Informs', { skip: captured.length === 0 ? 'the captures are not here' : false }, async (t) => {
  const harness = await startHarness(t);
  let answered = 0;
  for (const { name, body, contentType } of captured) {
    const connection = await rawConnection(t, harness);
    const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
    connection.send(`POST / HTTP/1.1\r\nHost: a\r\n${type}Content-Length: ${body.length}\r\n\r\n`);
    connection.send(body);
    const answer = await connection.response();
    if (rpcOf(answer) !== 'InformResponse') {
      t.match(name, /BROKEN|bogus/, `${name}: ${answer.status} ${answer.body}`);
      t.equal(answer.status, 400);
      continue;
    }
    answered += 1;
    t.match(await connection.exchange(''), { status: /20[04]/ }, `${name}: and its session goes on`);
    connection.socket.destroy();
    const text = body.toString('latin1');
    const prefix = /<([\w-]+):Envelope[\s>]/.exec(text)?.[1] ?? '';
    t.ok(answer.body.startsWith(`<${prefix}:Envelope xmlns:${prefix}=`), `${name}: ${answer.body.slice(0, 60)}`);
    const version = /urn:dslforum-org:cwmp-1-\d/.exec(text)?.[0] ?? 'urn:dslforum-org:cwmp-1-0';
    t.ok(answer.body.includes(` xmlns:cwmp="${version}"`), `${name}: ${version}`);
    const id = /<[\w-]+:ID[^>]*>([^<]*)</.exec(text)?.[1];
    if (id !== undefined) t.ok(answer.body.includes(`>${id}</cwmp:ID>`), `${name}: ${id}`);
  }
  t.ok(answered > captured.length - 3, `${answered} of ${captured.length}`);
});
