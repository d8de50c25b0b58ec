// Ours: the shapes of chapter 1 on paths that only the CPE can answer. What it is asked to do is held against what TR-369
// wants done: nothing twice, nothing half.
import {
  add,
  addPartly,
  create,
  get,
  getInstances,
  remove,
  resultOf,
  set,
  setPartly,
  update,
} from '../../agent/requests.ts';
import { loadDump } from '../../cpe/dumps.ts';
import { part, Unmet } from '../case.ts';
import { type Eut, SUBSCRIPTIONS } from '../eut.ts';
import { brief } from '../tester.ts';
import { changedOf, madeRow, pathOf } from './tools.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';
const SERVERS = 'Device.DNS.Client.Server.';
const CLIENT = 'Device.DHCPv4.Client.1.';
const INTERFACE = 'Device.Ethernet.Interface.1.';
const MAPPING = { 'Enable!': 'true', 'ExternalPort!': '8443', 'InternalPort!': '443', 'Protocol!': 'TCP' };
const CHANGING = new Set(['AddObject', 'DeleteObject', 'SetParameterValues', 'SetParameterAttributes', 'Reboot']);

/** Methods that change something, in order. */
const changes = (eut: Eut): string =>
  eut
    .rpcs()
    .map(({ method }) => method)
    .filter((method) => CHANGING.has(method))
    .join(' ');

/** Rows of a table as the CPE has them now. */
const rowsAtCpe = (eut: Eut): string => eut.cpe.get('Device.NAT.PortMappingNumberOfEntries') ?? '';

/** A mapping of the case's own; its path. */
async function mapping(eut: Eut, port: string): Promise<string> {
  const body = add(create(MAPPINGS, { ...MAPPING, 'ExternalPort!': port }));
  const row = pathOf((await eut.tester.expect('add_resp', body)).created_obj_results[0]);
  eut.begin();
  return row;
}

export const CPE_ROWS = part([
  {
    id: 'CV-ADD-1',
    title: 'Add of a row',
    cpe: true,
    run: async (eut, metric) => {
      const { created_obj_results } = await eut.tester.expect('add_resp', add(create(MAPPINGS, MAPPING)));
      const made = madeRow(created_obj_results[0]);
      metric(1, changes(eut) === 'AddObject SetParameterValues', changes(eut));
      metric(2, eut.cpe.get(`${made.path}ExternalPort`) === '8443', made.path);
      metric(3, made.keys.get('ExternalPort') === '8443' || made.keys.has('Alias'), JSON.stringify([...made.keys]));
      await eut.tester.expect('delete_resp', remove(made.path));
    },
  },
  {
    id: 'CV-ADD-2',
    title: 'Add of a row whose value the CPE refuses',
    cpe: true,
    run: async (eut, metric) => {
      const before = rowsAtCpe(eut);
      for (const ask of [add, addPartly]) {
        eut.begin();
        eut.cpe.misbehave({ method: 'SetParameterValues', answer: 9007, times: 1 });
        const answer = await eut.tester.ask(ask(create(MAPPINGS, { ...MAPPING, 'ExternalPort!': '9443' })));
        metric(1, changes(eut) === 'AddObject SetParameterValues DeleteObject', changes(eut));
        if (ask === add) metric(2, answer.kind === 'error' && answer.param_errs.length > 0, brief(answer));
        else {
          const status = answer.kind === 'add_resp' && answer.created_obj_results[0]?.oper_status;
          metric(3, status !== false && status?.kind === 'oper_failure', brief(answer));
        }
        metric(4, rowsAtCpe(eut) === before, rowsAtCpe(eut));
      }
    },
  },
  {
    id: 'CV-ADD-3',
    title: 'two rows, all or nothing, and the second fails',
    cpe: true,
    run: async (eut, metric) => {
      const before = rowsAtCpe(eut);
      eut.cpe.misbehave({ method: 'SetParameterValues', answer: 9007, times: 1 });
      const one = create(MAPPINGS, MAPPING);
      const answer = await eut.tester.ask(add(one, create(MAPPINGS, { ...MAPPING, 'ExternalPort!': '9443' })));
      metric(1, answer.kind === 'error', brief(answer));
      const deletions = changes(eut)
        .split(' ')
        .filter((method) => method === 'DeleteObject').length;
      metric(2, deletions === 2 && rowsAtCpe(eut) === before, changes(eut));
    },
  },
  {
    id: 'CV-SET-1',
    title: 'two objects, all or nothing, and one value is refused',
    cpe: true,
    run: async (eut, metric) => {
      const row = await mapping(eut, '7001');
      const old = eut.cpe.get(`${INTERFACE}MaxBitRate`);
      const name = `${row}InternalPort`;
      const refusal = { fault: 9003, parameters: [{ name, code: 9007 }] };
      eut.cpe.misbehave({ method: 'SetParameterValues', answer: refusal, times: 1 });
      const body = set(update(INTERFACE, { 'MaxBitRate!': '100' }), update(row, { 'InternalPort!': '81' }));
      const answer = await eut.tester.ask(body);
      metric(1, changes(eut) === 'SetParameterValues', changes(eut));
      const [error, ...more] = answer.kind === 'error' ? answer.param_errs : [];
      metric(2, error?.param_path === name && error.err_code === 7012 && more.length === 0, brief(answer));
      metric(3, eut.cpe.get(`${INTERFACE}MaxBitRate`) === old && eut.cpe.get(name) === '443');
      await eut.tester.expect('delete_resp', remove(row));
    },
  },
  {
    id: 'CV-SET-2',
    title: 'in parts, and a value that is not required is refused',
    cpe: true,
    run: async (eut, metric) => {
      const row = await mapping(eut, '7002');
      const refusal = { fault: 9003, parameters: [{ name: `${row}InternalPort`, code: 9007 }] };
      eut.cpe.misbehave({ method: 'SetParameterValues', answer: refusal, times: 1 });
      const values = { InternalPort: '82', Description: 'kept' };
      const answer = await eut.tester.expect('set_resp', setPartly(update(row, values)));
      metric(1, changes(eut) === 'SetParameterValues SetParameterValues', changes(eut));
      const [only] = changedOf(answer);
      const told = only?.updated_params.get('Description') === 'kept' && only.param_errs[0]?.param === 'InternalPort';
      metric(2, told && only.param_errs.length === 1, brief(answer));
      metric(3, eut.cpe.get(`${row}Description`) === 'kept' && eut.cpe.get(`${row}InternalPort`) === '443');
      await eut.tester.expect('delete_resp', remove(row));
    },
  },
  {
    id: 'CV-SET-3',
    title: 'a wildcard',
    cpe: true,
    run: async (eut, metric) => {
      const answer = await eut.tester.expect('set_resp', set(update(`${SERVERS}*.`, { 'Enable!': 'false' })));
      metric(1, changes(eut) === 'SetParameterValues', changes(eut));
      const paths = changedOf(answer).map(({ affected_path }) => affected_path);
      metric(2, paths.join() === `${SERVERS}1.,${SERVERS}2.`, paths.join());
      metric(
        3,
        ['1', '2'].every((row) => eut.cpe.get(`${SERVERS}${row}.Enable`) === 'false'),
      );
    },
  },
  {
    id: 'CV-SET-4',
    title: 'the connection is lost after the values were set',
    cpe: true,
    alone: { cpe: { timings: { retryScale: 0.01 } } },
    run: async (eut, metric) => {
      // The CPE has shown a ParameterKey of ours before: that makes it a proof.
      await eut.tester.expect('set_resp', set(update(INTERFACE, { 'MaxBitRate!': '10' })));
      eut.begin();
      eut.cpe.misbehave({ method: 'SetParameterValues', answer: 'close', executes: true, times: 1 });
      const answer = await eut.tester.ask(set(update(INTERFACE, { 'MaxBitRate!': '100' })));
      metric(1, changes(eut) === 'SetParameterValues', changes(eut));
      metric(2, eut.cpe.get(`${INTERFACE}MaxBitRate`) === '100');
      metric(3, answer.kind === 'set_resp', brief(answer));
    },
  },
  {
    id: 'CV-DEL-1',
    title: 'two rows, and the second is refused',
    cpe: true,
    run: async (eut, metric) => {
      const rows = [await mapping(eut, '7003'), await mapping(eut, '7004')];
      const stays = rows[0] ?? '';
      eut.cpe.misbehave({ method: 'DeleteObject', when: (path) => path === stays, answer: 9002, times: 1 });
      const answer = await eut.tester.ask(remove(...rows));
      metric(1, changes(eut) === 'DeleteObject DeleteObject' || changes(eut) === 'DeleteObject', changes(eut));
      // CWMP cannot undo a deletion: the Error names what failed, and says what has gone already.
      const named = answer.kind === 'error' && answer.param_errs[0]?.param_path === stays;
      metric(2, named, brief(answer));
      const gone = eut.cpe.get(`${rows[1] ?? ''}Enable`) === undefined;
      metric(3, named && gone === answer.err_msg.includes('1 of 2 rows are gone already'), brief(answer));
      await eut.tester.expect('delete_resp', remove(...rows));
    },
  },
  {
    id: 'CV-GET-1',
    title: 'Get of all that a large CPE has',
    cpe: true,
    alone: { cpe: { dump: loadDump('large-tr181') } },
    run: async (eut, metric) => {
      const answer = await eut.tester.expect('get_resp', get('Device.'));
      const objects = resultOf(answer);
      const count = Object.values(objects).reduce((sum, values) => sum + Object.keys(values).length, 0);
      metric(1, count > 1500, String(count));
      const reads = eut.rpcs().filter(({ method }) => method === 'GetParameterValues');
      metric(2, reads.length > 1 && reads.every(({ answer: said }) => said === 'GetParameterValuesResponse'));
      metric(3, objects['Device.DeviceInfo.']?.['SerialNumber'] === eut.cpe.deviceId.serialNumber);
    },
  },
  {
    id: 'CV-GET-2',
    title: 'a row that has gone without a word',
    cpe: true,
    run: async (eut, metric) => {
      const row = await mapping(eut, '7005');
      eut.cpe.removeInstance(row);
      const answer = await eut.tester.expect('get_resp', get(`${row}Enable`, `${CLIENT}Enable`));
      const [stale, good] = answer.req_path_results;
      metric(1, stale?.err_code === 7026 || stale?.resolved_path_results.length === 0, brief(answer));
      metric(2, good?.err_code === 0 && good.resolved_path_results.length === 1, brief(answer));
    },
  },
  {
    id: 'CV-GET-3',
    title: 'the CPE is off',
    cpe: true,
    alone: true,
    run: async (eut, metric) => {
      const { tester, clock } = eut;
      await eut.cpe.stop();
      const asked = tester.ask(get('Device.DeviceInfo.SoftwareVersion', 'Device.LocalAgent.EndpointID'));
      const before = clock.now();
      let answered = false;
      void asked.then(() => (answered = true));
      await eut.pass(120_000, () => answered);
      const answer = await asked;
      metric(1, clock.now() - before <= 45_000, String(clock.now() - before));
      const failed = answer.kind === 'get_resp' ? answer.req_path_results[0]?.err_code : undefined;
      metric(2, (failed ?? 0) >= 7000 || answer.kind === 'error', brief(answer));
    },
  },
  {
    id: 'CV-INS-1',
    title: 'a row that the CPE has made by itself',
    cpe: true,
    run: async (eut, metric) => {
      const creation = { Enable: 'true', ID: 'made', NotifType: 'ObjectCreation', ReferenceList: MAPPINGS };
      await eut.tester.expect('add_resp', add(create(SUBSCRIPTIONS, creation)));
      await eut.tester.expect('get_instances_resp', getInstances(MAPPINGS));
      const number = eut.cpe.addInstance(MAPPINGS, { ExternalPort: '7006' });
      await eut.pass(61_000);
      const answer = await eut.tester.expect('get_instances_resp', getInstances(MAPPINGS));
      const paths =
        answer.req_path_results[0]?.curr_insts.map(({ instantiated_obj_path }) => instantiated_obj_path) ?? [];
      metric(1, paths.includes(`${MAPPINGS}${number}.`), paths.join());
      await eut.pass(5_000);
      const told = eut.tester.waiting.some(
        ({ notification: one }) => one.kind === 'obj_creation' && one.obj_path === `${MAPPINGS}${number}.`,
      );
      metric(2, told, 'no ObjectCreation of it');
      if (paths.length < 2) throw new Unmet('two rows', paths.join());
      eut.cpe.removeInstance(`${MAPPINGS}${number}.`);
    },
  },
]);
