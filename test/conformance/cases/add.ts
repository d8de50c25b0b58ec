// TP-469 chapter 1, Add.
import { add, addPartly, create, get, resultOf } from '../../agent/requests.ts';
import type { Values } from '../../agent/requests.ts';
import { type Case, part, Unmet } from '../case.ts';
import { CONTROLLERS, rowsOf, SUBSCRIPTIONS } from '../eut.ts';
import { brief } from '../tester.ts';
import { errorNames, idsOf, madeRow, pathOf, PLAIN, sameNames, shows, SUB_KEYS, WRONG } from './tools.ts';

const UNKNOWN = 'Device.LocalAgent.InvalidObject.';
const ENDPOINT_ID = { 'ReferenceList!': 'Device.LocalAgent.EndpointID' };
const BAD_ENABLE = { 'Enable!': 'InvalidValue' };

const { Enable: _enable, ...UNSET } = PLAIN;

/** 1.1 and 1.2: one good row. */
const oneRow =
  (ask: typeof add, ID: string): Case['run'] =>
  async (eut, metric) => {
    const values = { ...PLAIN, ID };
    const { created_obj_results } = await eut.tester.expect('add_resp', ask(create(SUBSCRIPTIONS, values)));
    metric(1, created_obj_results.length === 1);
    const made = madeRow(created_obj_results[0]);
    metric(2, made.paramErrs === 0 && sameNames(made.keys.keys(), SUB_KEYS), JSON.stringify([...made.keys]));
    const rows = await rowsOf(eut.tester, made.path);
    metric(3, rows[made.path] !== undefined);
    metric(4, shows(rows[made.path], values), JSON.stringify(rows));
  };

/** 1.5 and the like: both rows there with what was written. */
const twoRows =
  (first: Values, second: Values): Case['run'] =>
  async (eut, metric) => {
    const body = add(create(SUBSCRIPTIONS, first), create(SUBSCRIPTIONS, second));
    const { created_obj_results } = await eut.tester.expect('add_resp', body);
    metric(1, created_obj_results.length === 2);
    const made = created_obj_results.map(madeRow);
    metric(
      2,
      made.every(({ keys, paramErrs }) => paramErrs === 0 && sameNames(keys.keys(), SUB_KEYS)),
    );
    const paths = made.map(({ path }) => path);
    const answer = await eut.tester.expect('get_resp', get(...paths));
    metric(3, new Set(paths).size === 2 && answer.req_path_results.every(({ err_code }) => err_code === 0));
    metric(4, shows(resultOf(answer, 0)[paths[0] ?? ''], first));
    metric(5, shows(resultOf(answer, 1)[paths[1] ?? ''], second));
  };

/** An Add that is refused as a whole, and leaves nothing. */
const refused =
  (path: string | RegExp, code: number, ...creations: readonly (readonly [string, Values])[]): Case['run'] =>
  async (eut, metric) => {
    const answer = await eut.tester.ask(add(...creations.map(([table, values]) => create(table, values))));
    metric(1, answer.kind === 'error', brief(answer));
    errorNames(metric, 2, answer, path, code);
    const ids = await idsOf(eut);
    metric(
      3,
      creations.every(([, { ID = '' }]) => !ids.includes(ID)),
      ids.join(),
    );
  };

const onlyUnder = (path: string, table: string): boolean =>
  path.startsWith(table) && /^\d+\.$/.test(path.slice(table.length));

export const ADD = part([
  { id: '1.1', title: 'one object, all or nothing', run: oneRow(add, 'add1') },
  { id: '1.2', title: 'one object, in parts', run: oneRow(addPartly, 'add2') },
  {
    id: '1.3',
    title: 'a required parameter fails',
    run: refused(/\.Enable$/, 7011, [SUBSCRIPTIONS, { ...PLAIN, ...BAD_ENABLE, ID: 'add3' }]),
  },
  {
    id: '1.4',
    title: 'an object that is not in the model',
    run: refused(UNKNOWN, 7026, [UNKNOWN, { ...PLAIN, ID: 'add4' }]),
  },
  {
    id: '1.5',
    title: 'two objects',
    run: twoRows({ ...PLAIN, ID: 'add51' }, { ...PLAIN, ID: 'add52', ...ENDPOINT_ID }),
  },
  {
    id: '1.6',
    title: 'two objects, one not in the model',
    run: refused(
      UNKNOWN,
      7026,
      [SUBSCRIPTIONS, { ...PLAIN, ID: 'add61' }],
      [UNKNOWN, { ...PLAIN, ID: 'add62', ...ENDPOINT_ID }],
    ),
  },
  {
    id: '1.7',
    title: 'two objects, a required parameter of one fails',
    run: refused(
      /\.Enable$/,
      7011,
      [SUBSCRIPTIONS, { ...PLAIN, ...BAD_ENABLE, ID: 'add71' }],
      [
        SUBSCRIPTIONS,
        { Enable: 'true', ID: 'add72', NotifType: 'ValueChange', ReferenceList: 'Device.LocalAgent.SoftwareVersion' },
      ],
    ),
  },
  {
    id: '1.8',
    title: 'in parts, the only object fails',
    run: async ({ tester, ...eut }, metric) => {
      const body = addPartly(create(SUBSCRIPTIONS, { ...PLAIN, ...BAD_ENABLE, ID: 'add8' }));
      const { created_obj_results } = await tester.expect('add_resp', body);
      metric(1, created_obj_results.length === 1);
      const status = created_obj_results[0]?.oper_status;
      metric(2, status?.kind === 'oper_failure' && status.err_code >= 7000, JSON.stringify(status));
      metric(3, !(await idsOf({ tester, ...eut })).includes('add8'));
    },
  },
  {
    id: '1.9',
    title: 'in parts, one of two fails',
    run: async (eut, metric) => {
      const good = {
        Enable: 'true',
        ID: 'add91',
        NotifType: 'ValueChange',
        ReferenceList: 'Device.LocalAgent.SoftwareVersion',
      };
      const bad = { ...good, ID: 'add92', 'InvalidParameter!': WRONG };
      const body = addPartly(create(SUBSCRIPTIONS, good), create(SUBSCRIPTIONS, bad));
      const { created_obj_results } = await eut.tester.expect('add_resp', body);
      const failed = created_obj_results[1]?.oper_status;
      metric(1, created_obj_results.length === 2);
      const made = madeRow(created_obj_results[0]);
      metric(2, sameNames(made.keys.keys(), SUB_KEYS) && failed?.kind === 'oper_failure', JSON.stringify(failed));
      metric(3, (await idsOf(eut)).join() === 'add91', (await idsOf(eut)).join());
      metric(4, shows((await rowsOf(eut.tester, made.path))[made.path], good));
    },
  },
  {
    id: '1.10',
    title: 'below a row named by its keys',
    run: async ({ tester, me }, metric) => {
      const row = (await rowsOf(tester, me))[me];
      const table = `${CONTROLLERS}[EndpointID=="${tester.eid}"&&Alias=="${row?.['Alias'] ?? ''}"].BootParameter.`;
      const values = { Enable: 'true', ParameterName: 'Device.LocalAgent.SoftwareVersion' };
      const { created_obj_results } = await tester.expect('add_resp', add(create(table, values)));
      metric(1, created_obj_results.length === 1);
      const made = madeRow(created_obj_results[0]);
      metric(2, made.paramErrs === 0 && sameNames(made.keys.keys(), ['Alias', 'ParameterName']));
      metric(3, onlyUnder(made.path, `${me}BootParameter.`), made.path);
      metric(4, shows((await rowsOf(tester, made.path))[made.path], values));
    },
  },
  {
    id: '1.81',
    title: 'keys that are not given are made up',
    run: async ({ tester }, metric) => {
      const one = create(SUBSCRIPTIONS, PLAIN);
      const two = create(SUBSCRIPTIONS, { ...PLAIN, ...ENDPOINT_ID });
      const { created_obj_results } = await tester.expect('add_resp', add(one, two));
      const [first, second] = created_obj_results.map(madeRow);
      if (first === undefined || second === undefined) throw new Unmet('two rows', 'fewer');
      metric(1, first.paramErrs + second.paramErrs === 0);
      const differ = (key: string): boolean => first.keys.get(key) !== second.keys.get(key);
      metric(2, sameNames(first.keys.keys(), SUB_KEYS) && differ('Alias') && differ('ID') && !differ('Recipient'));
    },
  },
  {
    id: '1.88',
    title: 'a key with a wrong value is as if required',
    run: async ({ tester }, metric) => {
      const values = { ...UNSET, Enable: 'True', Alias: '88InvalidAlias' };
      const before = Object.keys(await rowsOf(tester, SUBSCRIPTIONS)).length;
      const answer = await tester.ask(add(create(SUBSCRIPTIONS, values)));
      metric(1, answer.kind === 'error', brief(answer));
      metric(2, Object.keys(await rowsOf(tester, SUBSCRIPTIONS)).length === before);
    },
  },
  {
    id: '1.95',
    title: 'below every row that a search finds',
    run: async (eut, metric) => {
      const { tester } = eut;
      await eut.second();
      const values = { Enable: 'true', ParameterName: 'Device.LocalAgent.SoftwareVersion' };
      const body = add(create(`${CONTROLLERS}[Enable==true].BootParameter.`, values));
      const { created_obj_results } = await tester.expect('add_resp', body);
      const paths = created_obj_results.map(pathOf);
      metric(1, paths.length >= 2, JSON.stringify(paths));
      const rows = await rowsOf(tester, `${CONTROLLERS}*.BootParameter.`);
      metric(
        2,
        paths.every((path) => shows(rows[path], values)),
        JSON.stringify(rows),
      );
    },
  },
]);
