// GetSupportedProtocol: the versions of USP that the Agent speaks, whatever the Controller says it speaks.
import t from 'tap';
import { needsCpe } from '../../proxy/agent/messages/messages.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { AgentAtHand } from './agent-at-hand.ts';

t.test('the versions, from what is here', async (t) => {
  const agent = new AgentAtHand();
  for (const controller_supported_protocol_versions of ['1.0', '1.4,1.3', '', '9.9']) {
    const request: UspBody = { kind: 'get_supported_protocol', controller_supported_protocol_versions };
    t.same(await agent.ask(request), {
      kind: 'get_supported_protocol_resp',
      agent_supported_protocol_versions: '1.0,1.1,1.2,1.3,1.4',
    });
    const { supported } = await agent.model();
    t.notOk(needsCpe(request, supported, 'unknown'), 'a CPE that is away is no reason to wait');
  }
  t.same(agent.cpe.rpcs, []);
});

t.test('what is for Controllers is not taken (R-MSG.1)', async (t) => {
  const agent = new AgentAtHand();
  t.match(await agent.ask({ kind: 'get_resp', req_path_results: [] }), { kind: 'error', err_code: 7001 });
});
