// Which connection carries what, and where an Agent's Connect Record stands.
import t from 'tap';
import { Connections } from '../../proxy/endpoint/connections.ts';
import type { RecordType } from '../../proxy/usp/record.ts';
import { CONTROLLER } from '../store/contract/samples.ts';
import { AGENT, ALL, fakeConnection, kindsOf, OWN } from './fake-connection.ts';

const OTHER = 'ops::02C0DE-Router-B2';
const MSG: RecordType = { kind: 'no_session_context', payload: Buffer.from('m') };
const CONNECT = (agent: string): string => `websocket_connect ${agent}`;
const TOLD = (agent: string): string => `no_session_context ${agent}`;

t.test('a Connect Record goes before an Agent’s first Record (R-MTP.6, R-MTP.8)', async (t) => {
  const connections = new Connections('n1');
  const own = fakeConnection(OWN);
  const all = fakeConnection(ALL);
  connections.add(own);
  connections.add(all);
  t.same(kindsOf(own), [CONNECT(AGENT)], 'at once on its own socket');
  t.same(kindsOf(all), [], 'not on that of all Agents');
  for (const agent of [AGENT, OTHER, AGENT]) t.equal(connections.send(all, agent, MSG), true);
  t.same(kindsOf(all), [CONNECT(AGENT), TOLD(AGENT), CONNECT(OTHER), TOLD(OTHER), TOLD(AGENT)]);
  connections.disconnected(all, AGENT);
  connections.send(all, OTHER, MSG);
  connections.send(all, AGENT, MSG);
  t.same(kindsOf(all).slice(5), [TOLD(OTHER), CONNECT(AGENT), TOLD(AGENT)], 'anew after a Disconnect Record');
});

t.test('an Agent’s own socket is preferred for Notifies', async (t) => {
  const connections = new Connections('n1');
  const way = (agent = AGENT): unknown => connections.wayTo('default', CONTROLLER, agent);
  t.equal(way(), undefined);
  t.equal(connections.has('default', CONTROLLER), false);
  const own = fakeConnection(OWN);
  connections.add(own);
  t.equal(way(), own);
  t.equal(way(OTHER), undefined, 'another Agent has no business there');
  const all = fakeConnection(ALL);
  connections.add(all);
  t.equal(way(), own);
  t.equal(way(OTHER), all);
  connections.remove(own);
  t.equal(way(), all);
  t.equal(connections.wayTo('other', CONTROLLER, AGENT), undefined, 'another tenant’s Controller is another');
  t.equal(connections.wayTo('default', 'proto::other', AGENT), undefined);
  connections.remove(all);
  connections.remove(all);
  t.equal(connections.has('default', CONTROLLER), false);
  t.equal(connections.size, 0);
});

t.test('a second connection of the same pair takes over (R-WS.4)', async (t) => {
  const connections = new Connections('n1');
  const [first, own, second] = [fakeConnection(ALL), fakeConnection(OWN), fakeConnection(ALL)];
  for (const connection of [first, own, second]) connections.add(connection);
  t.same([first.closedFor, own.closedFor, second.closedFor], [['replaced'], [], []]);
  t.equal(connections.wayTo('default', CONTROLLER, OTHER), second, 'though the first is not gone yet');
  connections.remove(first);
  t.equal(connections.wayTo('default', CONTROLLER, OTHER), second, 'when the first is gone at last');
  t.same(connections.of('default', CONTROLLER), [second, own]);
  connections.add(fakeConnection(ALL, 'proto::other'));
  t.same(second.closedFor, [], 'another Controller’s connection is another');
});

t.test('an answer goes where its request came from, or nowhere', async (t) => {
  const connections = new Connections('n1');
  const [first, second] = [fakeConnection(ALL), fakeConnection(OWN)];
  connections.add(first);
  connections.add(second);
  const path = connections.returnPathOf(first);
  t.equal(connections.answer(path, AGENT, MSG), true);
  t.same(kindsOf(first), [CONNECT(AGENT), TOLD(AGENT)]);
  t.equal(connections.answer(new Connections('n2').returnPathOf(first), AGENT, MSG), false, 'another node’s');
  t.equal(connections.answer('', AGENT, MSG), false);
  connections.remove(first);
  t.equal(connections.answer(path, AGENT, MSG), false, 'it is gone');
  t.same(kindsOf(second), [CONNECT(AGENT)], 'and is never told to another');
});

t.test('at the stop every connection is told', async (t) => {
  const connections = new Connections('n1');
  const open = [fakeConnection(ALL), fakeConnection(OWN), fakeConnection(ALL, 'proto::other')];
  for (const connection of open) connections.add(connection);
  connections.closeAll('stopping');
  t.same(
    open.map(({ closedFor }) => closedFor),
    [['stopping'], ['stopping'], ['stopping']],
  );
  t.equal(connections.size, 0);
});
