// Many CPEs in one process: one dump, one port, and nothing that costs where nothing happens.
import t from 'tap';
import { createCpe } from './cpe.ts';
import { loadDump } from './dumps.ts';
import { listenForConnectionRequests } from './connection-request-server.ts';
import { seededRandom } from './random.ts';
import { forEver, startScriptedAcs } from './scripted-acs.ts';

const COUNT = 200;

t.test(`${COUNT} parked CPEs`, async (t) => {
  const [acs, server] = await Promise.all([startScriptedAcs(), listenForConnectionRequests()]);
  acs.intercept(({ method }) => (method === '' ? forEver : undefined));
  const dump = loadDump('home-router-tr181');
  const cpes = Array.from({ length: COUNT }, (_, index) =>
    createCpe({
      dump,
      acsUrl: acs.url,
      deviceId: { serialNumber: `S${index}` },
      connectionRequest: { server },
      random: seededRandom(index),
      log: false,
    }),
  );
  t.teardown(async () => {
    await Promise.all(cpes.map(async (cpe) => cpe.stop()));
    await Promise.all([acs.close(), server.close()]);
  });
  const parked = cpes.map(async (cpe) => cpe.waitFor('waiting-for-acs'));
  await Promise.all(cpes.map(async (cpe) => cpe.start()));
  await Promise.all(parked);
  t.ok(cpes.every((cpe) => cpe.inSession));
  t.equal(new Set(acs.posts.map(({ text }) => /<SerialNumber>([^<]*)/.exec(text)?.[1]).filter(Boolean)).size, COUNT);
  t.equal(new Set(cpes.map((cpe) => cpe.connectionRequestUrl)).size, COUNT);
});
