// An Add whose row has its keys already when it is resumed: they are its own, and no duplicate.
import t from 'tap';
import { deferred } from '../../proxy/operate/deferred.ts';
import { addBody, AGENT, requestsOf, setScene, until } from './scene.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';

t.test('killed when the values of a new row are written and the answer is lost', async (t) => {
  const scene = await setScene(t);
  const first = scene.cpe.nextSession();
  await scene.cpe.start();
  await first;
  const controller = await scene.controller();
  const before = Number(scene.cpe.get('Device.NAT.PortMappingNumberOfEntries'));
  const written = deferred<undefined>();
  scene.relay.gate = (way, text) => {
    if (way !== 'to-gateway' || !text.includes('SetParameterValuesResponse')) return true;
    written.resolve(undefined);
    return false;
  };
  const row = { Alias: 'mine', Enable: 'true', RemoteHost: '', ExternalPort: '8443', Protocol: 'TCP' };
  controller.send(AGENT, { msg_id: 'add', body: addBody(MAPPINGS, row) });
  await written.promise;
  await scene.kill();
  await scene.startAgain();
  const outcome = await until(
    async () =>
      (await requestsOf(scene)).find(
        ({ msg_id, state }) => msg_id === 'add' && state !== 'running' && state !== 'waiting',
      ),
    'the outcome',
  );
  t.equal(outcome.state, 'succeeded');
  const answered = (await scene.api(`/requests/${encodeURIComponent(outcome.id)}`)) as { readonly answer: string };
  t.match(Buffer.from(answered.answer, 'base64').toString('latin1'), /PortMapping\.\d+\.[^]*mine/, 'it names the row');
  t.equal(Number(scene.cpe.get('Device.NAT.PortMappingNumberOfEntries')), before + 1);
  t.equal(scene.cpe.rpcs.filter(({ method }) => method === 'AddObject').length, 1);
});
