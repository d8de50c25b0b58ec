import t from 'tap';
import { findArrowBreaches } from './arrows.ts';

const file = (path: string, ...imports: string[]) => ({
  path,
  text: imports.map((specifier) => `import { x } from '${specifier}';`).join('\n'),
});

t.test('arrows that the picture allows', async (t) => {
  t.same(
    findArrowBreaches([
      file('proxy/main.ts', './cwmp/server.ts', './config.ts'),
      file('proxy/cwmp/server.ts', '../device/link.ts', '../soap/read.ts', './session.ts', 'fastify'),
      file('proxy/agent/messages/get.ts', '../../mapping/view.ts', '../resolver.ts', '../../store/store.ts'),
      file('proxy/files/server.ts', '../store/blobs/blobs.ts', '../operate/log.ts', './grants.ts'),
      file('proxy/soap/read.ts', '../rpc/inform.ts', '../errors.ts'),
      file('proxy/cli/causeway.ts', '../usp/record.ts'),
      file('proxy/cli/map/coverage.ts', '../../mapping/coverage.ts', '../../path/concrete.ts'),
    ]),
    [],
  );
});

t.test('arrows that it forbids', async (t) => {
  const forbidden = [
    file('proxy/device/mailbox.ts', '../cwmp/session.ts'),
    file('proxy/cwmp/server.ts', '../mtp/websocket.ts'),
    file('proxy/cwmp/server.ts', '../agent/agent.ts'),
    file('proxy/files/server.ts', '../cwmp/authentication/digest.ts'),
    file('proxy/files/server.ts', '../agent/agent.ts'),
    file('proxy/api/files.ts', '../files/grants.ts'),
    file('proxy/rpc/inform.ts', '../soap/read.ts'),
    file('proxy/agent/agent.ts', '../config.ts'),
    file('proxy/cli/causeway.ts', '../agent/agent.ts'),
    file('proxy/cli/devices.ts', '../mapping/views.ts'),
    file('proxy/cli/map/explain.ts', '../../agent/agent.ts'),
    file('proxy/endpoint/records.ts', '../main.ts'),
    file('proxy/path/parse.ts', '../../test/cpe/cpe.ts'),
  ];
  for (const source of forbidden) t.equal(findArrowBreaches([source]).length, 1, source.text);
});
