import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import {
  openXmppConnection,
  type XmppConnection,
  type XmppEvent,
} from '../../../../proxy/cwmp/connection-request/xmpp/connection.ts';
import { systemClock, systemRandomness } from '../../../../proxy/operate/clock.ts';
import { temporaryFolder } from '../../../gateway/harness.ts';
import { startGatewayProcess } from '../../../process/gateway-process.ts';
import { until } from '../../../process/scene.ts';
import { missingProsody, selfSigned, startProsody } from '../../../prosody-server.ts';

const STREAM = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' id='1' from='xmpp.example'>`;
const PLAIN_ONLY = `<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>`;

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const SCRAM = PLAIN_ONLY.replace('PLAIN', 'SCRAM-SHA-1');
const SETTINGS = {
  server: { host: '127.0.0.1', port: 0 },
  jid: { local: 'acs', domain: 'xmpp.example', resource: '' },
  password: 'acs-xmpp-secret',
  resource: 'node',
  directTls: false,
  mustEncrypt: false,
};

/** RFC 5802: the client's nonce and more, salt; one round, which is soon done. */
function challengeFor(login = ''): string {
  const first = Buffer.from(/<auth [^>]*>([^<]*)</.exec(login)?.[1] ?? '', 'base64').toString();
  const nonce = /r=([^,]*)/.exec(first)?.[1] ?? '';
  return Buffer.from(`r=${nonce}server,s=${Buffer.from('salt').toString('base64')},i=1`).toString('base64');
}

/** A server that says the same to everybody who opens a stream; what it heard afterwards is kept. */
async function server(t: Test, says: string): Promise<{ readonly port: number; readonly heard: readonly string[] }> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(says);
      socket.on('data', (chunk) => void heard.push(chunk.toString()));
    });
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  const address = listening.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, heard };
}

/** How it first comes to be connected, or why not. */
async function firstEvent(t: Test, port: number, mustEncrypt: boolean): Promise<XmppEvent> {
  let connection: XmppConnection | undefined;
  t.teardown(() => connection?.close());
  return new Promise((resolve) => {
    connection = openXmppConnection(
      { ...SETTINGS, server: { host: '127.0.0.1', port }, mustEncrypt },
      { clock: systemClock, random: systemRandomness, onEvent: resolve, count: () => undefined },
    );
  });
}

t.test('without TLS nothing is logged in to where it is required, and never with a readable password', async (t) => {
  const { port, heard } = await server(t, STREAM + PLAIN_ONLY);
  t.match(await firstEvent(t, port, true), { kind: 'not-connected', name: 'tls-missing' });
  t.match(await firstEvent(t, port, false), { kind: 'not-connected', name: 'no-mechanism' });
  t.notMatch(heard.join(''), /auth/);
});

t.test('what is no XMPP, or too much, ends the connection and nothing else', async (t) => {
  const garbage = await server(t, '<html></body>');
  t.match(await firstEvent(t, garbage.port, false), { kind: 'not-connected', name: 'not-xmpp' });
  const endless = await server(t, `${STREAM}<message>${'x'.repeat(300_000)}`);
  t.match(await firstEvent(t, endless.port, false), { kind: 'not-connected', name: 'stanza-too-large' });
});

t.test('a login that was broken off says nothing in the next one', async (t) => {
  const logins: string[] = [];
  const ended = new Promise<void>((resolve) => {
    const listening = createServer((socket) => {
      const login = logins.push('') - 1;
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(STREAM + SCRAM));
      socket.on('data', (chunk) => {
        logins[login] = (logins[login] ?? '') + chunk.toString();
        // The first is left waiting until it gives up; the next one is asked, and then refused.
        if (login === 0) return;
        if (chunk.includes('<auth '))
          socket.write(`<challenge xmlns='${SASL}'>${challengeFor(logins[login])}</challenge>`);
        if (chunk.includes('<response ')) socket.write(`<failure xmlns='${SASL}'><not-authorized/></failure>`);
      });
      if (login === 1) socket.once('close', resolve);
    }).listen(0, '127.0.0.1', () => {
      const address = listening.address();
      const connection = openXmppConnection(
        { ...SETTINGS, server: { host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 } },
        {
          clock: { ...systemClock, after: (ms, run) => systemClock.after(ms / 20, run) },
          random: systemRandomness,
          onEvent: () => undefined,
          count: () => undefined,
        },
      );
      t.teardown(async () => {
        await connection.close();
        listening.close();
      });
    });
  });
  await ended;
  t.equal(logins[1]?.split('<response ').length, 2, 'it answers once');
});

t.test('nobody is there', async (t) => {
  t.match(await firstEvent(t, 9, false), { kind: 'not-connected', name: 'unreachable', code: 'ECONNREFUSED' });
});

t.test('STARTTLS, with a certificate that has to be trusted', { skip: missingProsody() }, async (t) => {
  const tls = selfSigned(temporaryFolder(t), 'xmpp.example');
  const { port } = await startProsody(t, { accounts: { 'acs@xmpp.example': 'acs-xmpp-secret' }, tls });
  t.match(await firstEvent(t, port, true), { kind: 'not-connected', name: 'tls-failed' });

  const before = process.env['NODE_EXTRA_CA_CERTS'];
  process.env['NODE_EXTRA_CA_CERTS'] = tls.certificate;
  const gateway = await startGatewayProcess({
    'data.dir': temporaryFolder(t),
    'xmpp.server': `127.0.0.1:${port}`,
    'xmpp.jid': 'acs@xmpp.example',
    'xmpp.password': 'acs-xmpp-secret',
  });
  if (before === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
  else process.env['NODE_EXTRA_CA_CERTS'] = before;
  t.teardown(() => gateway.stop());
  t.ok(await until(async () => gateway.log.find((line) => line.includes('"kind":"connected"')), 'it is connected'));
});
