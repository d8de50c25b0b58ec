// AddObject and DeleteObject.
import t from 'tap';
import { startPair } from './pair.ts';
import { getValues, rpc, setValues, type AcsPost } from './scripted-acs.ts';
import { childOf, textOf } from './soap-read.ts';

const TABLE = 'Device.NAT.PortMapping.';
const add = (path: string, key = 'add'): string => rpc('AddObject', { ObjectName: path, ParameterKey: key });
const remove = (path: string, key = 'delete'): string => rpc('DeleteObject', { ObjectName: path, ParameterKey: key });
const code = (post: AcsPost | undefined): string | undefined =>
  textOf(childOf(childOf(post?.content, 'detail'), 'Fault'), 'FaultCode');

t.test('a row comes and goes', async (t) => {
  const { cpe, answers } = await startPair(t);
  const [added, , , gone, again] = await answers(
    add(TABLE),
    setValues([[`${TABLE}2.ExternalPort`, '81', 'unsignedInt']], 'set'),
    getValues(`${TABLE}2.`, 'Device.NAT.PortMappingNumberOfEntries'),
    remove(`${TABLE}2.`),
    add(TABLE, 'again'),
  );
  t.same([textOf(added?.content, 'InstanceNumber'), textOf(added?.content, 'Status')], ['2', '0']);
  t.equal(textOf(gone?.content, 'Status'), '0');
  t.equal(textOf(again?.content, 'InstanceNumber'), '3');
  t.equal(cpe.get('Device.ManagementServer.ParameterKey'), 'again');
  t.equal(cpe.get('Device.NAT.PortMappingNumberOfEntries'), '2');
  t.equal(cpe.get(`${TABLE}2.ExternalPort`), undefined);
  t.equal(cpe.get(`${TABLE}3.ExternalPort`), '0');
});

t.test('what cannot be added or deleted', async (t) => {
  const { cpe, answers } = await startPair(t);
  const refused = await answers(
    add('Device.Nowhere.'),
    add('Device.Time.'),
    add('Device.Hosts.Host.'),
    add('Device.NAT.PortMapping'),
    remove(`${TABLE}9.`),
    remove(TABLE),
    remove('Device.Hosts.Host.1.'),
  );
  t.same(refused.map(code), ['9005', '9005', '9005', '9005', '9005', '9005', '9001']);
  t.equal(cpe.get('Device.ManagementServer.ParameterKey'), '');
});

t.test('Status 1: the row is there when the session has ended', async (t) => {
  const { cpe, answers } = await startPair(t, { status1: (method) => method !== 'SetParameterValues' });
  const [added, hidden, set, deleted] = await answers(
    add(TABLE),
    getValues(`${TABLE}2.`),
    setValues([[`${TABLE}2.Description`, 'later', 'string']]),
    remove(`${TABLE}1.`),
  );
  t.equal(textOf(added?.content, 'Status'), '1');
  t.equal(code(hidden), '9005');
  t.equal(textOf(set?.content, 'Status'), '1', 'a value of a row that is not there yet comes with the row');
  t.equal(textOf(deleted?.content, 'Status'), '1');
  t.equal(cpe.get(`${TABLE}2.Description`), 'later');
  t.equal(cpe.get(`${TABLE}1.Description`), undefined);
  t.equal(cpe.get('Device.NAT.PortMappingNumberOfEntries'), '1');
});
