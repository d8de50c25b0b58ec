// Requests that are well formed and too much: long paths, searches that would match the world, and floods. Each ends in
// an answer, soon, while others are served.
import t from 'tap';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { agentOf, startHarness } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, knownCpe, openPeer, recordOf } from './north-tools.ts';
import { counted } from './south-tools.ts';

const get = (...param_paths: readonly string[]): UspBody => ({ kind: 'get', param_paths, max_depth: 0 });

t.test('bombs', async (t) => {
  const harness = await startHarness(t, { 'mailbox.entries': '8' });
  const cpe = await knownCpe(harness);
  const agent = agentOf(cpe);
  const neighbour = await harness.controller({ controller: 'proto::neighbour' });
  const peer = await openPeer(t, harness);

  const paths: readonly (readonly [string, string])[] = [
    ['10,000 segments', `Device.${'A.'.repeat(10_000)}`],
    ['10,000 wildcards', `Device.${'*.'.repeat(10_000)}`],
    ['10,000 reference follows', `Device.${'A+.'.repeat(10_000)}`],
    ['10,000 conditions', `Device.WiFi.Radio.[${'Channel>0&&'.repeat(10_000)}Channel>0].Channel`],
    ['10,000 open brackets', `Device.${'['.repeat(10_000)}`],
    ['10,000 searches', `Device.${'A.[B==1].'.repeat(10_000)}`],
    ['a literal of 100,000 characters', `Device.WiFi.Radio.[Name=="${'x'.repeat(100_000)}"].Channel`],
    ['an instance number of 10,000 digits', `Device.WiFi.Radio.${'9'.repeat(10_000)}.Channel`],
  ];
  for (const [name, path] of paths) {
    await t.test(`${name}: one result, and little work`, async (t) => {
      const before = process.cpuUsage();
      const { body } = await peer.ask(agent, get(path));
      t.match(body, { kind: 'get_resp', req_path_results: [{ requested_path: path }] });
      const { user } = process.cpuUsage(before);
      t.ok(user < 2_000_000, `${user} us of this process`);
      const others: readonly UspBody[] = [
        { kind: 'get_instances', obj_paths: [path], first_level_only: false },
        { kind: 'delete', allow_partial: false, obj_paths: [path] },
        { kind: 'operate', command: path, command_key: '', send_resp: true, input_args: new Map() },
      ];
      for (const other of others) t.not((await peer.ask(agent, other)).body.kind, 'get_resp', other.kind);
    });
  }

  await t.test('5,000 paths in one request', async (t) => {
    const { body } = await peer.ask(agent, get(...Array.from({ length: 5000 }, (_, index) => `Device.Nope${index}.`)));
    t.equal(body.kind === 'get_resp' ? body.req_path_results.length : 0, 5000);
  });

  await t.test('more requests for one device than its mailbox takes: 7005, and the others are served', async (t) => {
    const offline = agentOf(await knownCpe(harness, { connectionRequest: false }));
    const grown = await counted(harness, ['request_refused'], async () => {
      for (let number = 0; number < 20; number += 1) {
        peer.send(recordOf(offline, { msg_id: `full-${number}`, body: GET_SOFTWARE }));
      }
      const refused = new Set<string>();
      while (refused.size < 12) {
        const { msg_id, body } = await peer.nextMsg();
        t.match(body, { kind: 'error', err_code: 7005 });
        refused.add(msg_id);
      }
    });
    t.same(grown, { 'request_refused full': 12 });
    t.match(await neighbour.request(agent, GET_SOFTWARE), { kind: 'get_resp' }, 'another device');
    t.match((await peer.ask(offline, GET_LOCAL)).body, { kind: 'get_resp' }, 'the same, as far as the gateway knows');
  });

  await t.test('a flood on one socket is answered in full, at its own pace', async (t) => {
    const flood = await openPeer(t, harness, { controller: 'proto::flood' });
    // More than this process could read in one go: what a neighbour hears meanwhile comes in between.
    const ids = new Set(Array.from({ length: 10_000 }, (_, number) => `f${number}`));
    for (const msg_id of ids) flood.send(recordOf(agent, { msg_id, body: GET_LOCAL }, 'proto::flood'));
    t.match(await neighbour.request(agent, GET_LOCAL), { kind: 'get_resp' }, 'a neighbour is served meanwhile');
    const left = ids.size - flood.waiting.length;
    while (ids.size > 0) ids.delete((await flood.nextMsg()).msg_id);
    t.ok(left > 0, `${left} of the flood were still to come`);
  });
  t.same(cpe.complaints, []);
});
