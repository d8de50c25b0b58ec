// Opening a WebSocket: what R-WS.* asks of client and server, and every refusal with its status, reason and count.
import { once } from 'node:events';
import t from 'tap';
import { encodeEid } from '../../proxy/usp/eid.ts';
import { agentOf, startHarness } from './harness.ts';
import { handshake, knownCpe, openPeer } from './north-tools.ts';
import { counted } from './south-tools.ts';

const EID = 'eid=proto::controller-1';
const COUNTERS = ['socket_closed', 'failure'];

t.test('handshakes', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness, { deviceId: { oui: '02C0DE', productClass: 'Set Top', serialNumber: 'A-7' } });
  const agent = agentOf(cpe);
  t.equal(agent, 'ops::02C0DE-Set%20Top-A%2D7');

  await t.test('what opens', async (t) => {
    const targets = [
      `/usp?${EID}`,
      `/usp/?${EID}`,
      `/usp?other=1&${EID}&more`,
      '/usp?eid=proto%3A%3Acontroller-1',
      `/usp/${encodeEid(agent)}?${EID}`,
      `/usp/${agent}?${EID}`,
      `/usp/${encodeURIComponent(agent)}?${EID}`,
      `/usp/02C0DE-Set%2520Top-A%252D7?${EID}`,
      `/usp/02C0DE-Set%20Top-A%2D7?${EID}`,
    ];
    for (const target of targets) {
      const { status, head } = await handshake(t, harness, target);
      t.equal(status, 101, target);
      t.match(head, /\r\nSec-WebSocket-Protocol: v1\.usp(\r\n|$)/, 'R-WS.11');
      t.notMatch(head, /Sec-WebSocket-Extensions/, 'none was offered');
    }
    const several = await handshake(t, harness, `/usp?${EID}`, { 'Sec-WebSocket-Protocol': 'v9.usp, v1.usp' });
    t.match(several.head, /\r\nSec-WebSocket-Protocol: v1\.usp(\r\n|$)/, 'the one that we speak');
  });

  await t.test('a client that offers its Endpoint ID as an extension is told ours (R-WS.11a)', async (t) => {
    const offer = { 'Sec-WebSocket-Extensions': 'bbf-usp-protocol; eid="proto::controller-1"' };
    const own = await handshake(t, harness, `/usp/${encodeEid(agent)}?${EID}`, offer);
    t.ok(own.head.includes(`\r\nSec-WebSocket-Extensions: bbf-usp-protocol; eid="${agent}"`));
    const all = await handshake(t, harness, `/usp?${EID}`, offer);
    t.match(all.head, /\r\nSec-WebSocket-Extensions: bbf-usp-protocol(\r\n|$)/);
  });

  type Case = readonly [string, string, Readonly<Record<string, string | undefined>>, number, string];
  const page = 'https://evil.example';
  const refused: readonly Case[] = [
    ['another path', `/other?${EID}`, {}, 404, 'no-such-path'],
    ['an Agent’s path that names none', `/usp/%zz?${EID}`, {}, 404, 'no-such-path'],
    ['an unknown Agent', `/usp/ops::02C0DE-Router-NOBODY?${EID}`, {}, 404, 'unknown-agent'],
    ['no subprotocol (R-WS.12a)', `/usp?${EID}`, { 'Sec-WebSocket-Protocol': undefined }, 400, 'no-subprotocol'],
    ['another subprotocol', `/usp?${EID}`, { 'Sec-WebSocket-Protocol': 'v12.stomp' }, 400, 'no-subprotocol'],
    ['no eid (R-WS.10b)', '/usp', {}, 400, 'eid-missing'],
    ['an eid that is none', '/usp?eid=controller', {}, 400, 'eid-invalid'],
    ['an eid over 50 characters', `/usp?eid=proto::${'x'.repeat(51)}`, {}, 400, 'eid-invalid'],
    ['two eids', `/usp?${EID}&${EID}`, {}, 400, 'eid-repeated'],
    ['a page of another site', `/usp?${EID}`, { Origin: page }, 403, 'foreign-origin'],
    ['a page without a site', `/usp?${EID}`, { Origin: 'null' }, 403, 'foreign-origin'],
    ['a name that is not this machine’s', `/usp?${EID}`, { Host: 'evil.example' }, 403, 'foreign-host'],
    ['no key', `/usp?${EID}`, { 'Sec-WebSocket-Key': undefined }, 400, 'bad-handshake'],
    ['an old WebSocket', `/usp?${EID}`, { 'Sec-WebSocket-Version': '7' }, 400, 'bad-handshake'],
    ['another protocol', `/usp?${EID}`, { Upgrade: 'h2c' }, 400, 'bad-handshake'],
  ];
  for (const [name, target, headers, status, reason] of refused) {
    await t.test(`${name}: ${status} ${reason}, and the socket is let go`, async (t) => {
      const grown = await counted(harness, COUNTERS, async () => {
        const answer = await handshake(t, harness, target, headers);
        t.match(answer, { status, body: reason });
        // Our half stays open: the gateway must not wait for it.
        if (!answer.socket.readableEnded) await once(answer.socket, 'end');
        const gone = once(answer.socket, 'close').catch(() => undefined);
        const poke = setInterval(() => answer.socket.write('x'), 5);
        await gone;
        clearInterval(poke);
      });
      t.same(grown, { [`socket_closed ${reason}`]: 1 });
    });
  }

  await t.test('a page of this machine may', async (t) => {
    for (const Origin of ['http://localhost:3000', 'http://127.0.0.1', 'https://[::1]:8443']) {
      t.match(await handshake(t, harness, `/usp?${EID}`, { Origin }), { status: 101 }, Origin);
    }
  });

  await t.test('the Connect Record comes at once on an Agent’s own socket, else before its first Record', async (t) => {
    const own = await openPeer(t, harness, { agent });
    t.match(await own.next(), {
      version: '1.4',
      from_id: agent,
      to_id: 'proto::controller-1',
      record_type: { kind: 'websocket_connect' },
    });
    const all = await openPeer(t, harness);
    t.match(await all.ask(agent, { kind: 'get_supported_protocol', controller_supported_protocol_versions: '1.4' }), {
      body: { kind: 'get_supported_protocol_resp' },
    });
    t.same(all.waiting, [], 'nothing on its own');
  });
});

t.test('with a token', async (t) => {
  const harness = await startHarness(t, { 'http.token': 'the-token' });
  const bearer = (Authorization: string | undefined): Readonly<Record<string, string | undefined>> => ({
    Authorization,
  });
  for (const wrong of [undefined, 'Bearer', 'Bearer other', 'Basic dGhlLXRva2Vu', 'the-token']) {
    const { status, head } = await handshake(t, harness, `/usp?${EID}`, bearer(wrong));
    t.equal(status, 401, String(wrong));
    t.match(head, /\r\nWWW-Authenticate: Bearer\r\n/);
  }
  const right = { ...bearer('Bearer the-token'), Origin: 'https://console.example', Host: 'gateway.example' };
  t.match(await handshake(t, harness, `/usp?${EID}`, right), { status: 101 }, 'a token says more than a name');
  t.notMatch(harness.log.join('\n'), /the-token/, 'the token stays out of the log');
});
