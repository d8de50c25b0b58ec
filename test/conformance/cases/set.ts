// TP-469 chapter 1, Set.
import { add, create, set, setPartly, update } from '../../agent/requests.ts';
import { type Case, part, Unmet } from '../case.ts';
import { type Eut, rowsOf, SUBSCRIPTIONS } from '../eut.ts';
import { brief } from '../tester.ts';
import { changedOf, errorNames, madeRow, sameNames, subscribe, WRONG } from './tools.ts';

const RETRY = { 'NotifRetry!': 'true' };
const UNKNOWN = { 'InvalidParameter!': WRONG };

/** The value in a row; rows of these cases begin with NotifRetry false. */
const valueOf = async ({ tester }: Eut, row: string, name = 'NotifRetry'): Promise<string | undefined> =>
  (await rowsOf(tester, row))[row]?.[name];

/** 1.11, 1.12: one row, one value. */
const oneValue =
  (ask: typeof set): Case['run'] =>
  async (eut, metric) => {
    const [row = ''] = await subscribe(eut, { ID: 'set1' });
    const answer = await eut.tester.expect('set_resp', ask(update(row, RETRY)));
    metric(1, answer.updated_obj_results.length === 1);
    const [only, ...more] = changedOf(answer);
    const told = only?.affected_path === row && sameNames(only.updated_params.keys(), ['NotifRetry']);
    metric(2, told && more.length === 0 && only.param_errs.length === 0, brief(answer));
    metric(3, (await valueOf(eut, row)) === 'true');
  };

/** Sets through a path that is no instance path; `wanted` are the rows that it means. */
const throughPath =
  (path: (rows: readonly string[]) => string, wanted: readonly number[]): Case['run'] =>
  async (eut, metric) => {
    const rows = await subscribe(eut, { ID: 'one', NotifExpiration: '20' }, { ID: 'two' });
    const answer = await eut.tester.expect('set_resp', set(update(path(rows), RETRY)));
    metric(1, answer.updated_obj_results.length === 1);
    const changed = changedOf(answer);
    const names = changed.every(({ updated_params }) => sameNames(updated_params.keys(), ['NotifRetry']));
    const paths = changed.map(({ affected_path }) => affected_path);
    metric(
      2,
      names &&
        sameNames(
          paths,
          wanted.map((index) => rows[index] ?? ''),
        ),
      brief(answer),
    );
    const values = await rowsOf(eut.tester, SUBSCRIPTIONS);
    metric(
      3,
      rows.every((row, index) => values[row]?.['NotifRetry'] === String(wanted.includes(index))),
    );
  };

export const SET = part([
  { id: '1.11', title: 'all or nothing', run: oneValue(set) },
  { id: '1.12', title: 'in parts', run: oneValue(setPartly) },
  {
    id: '1.13',
    title: 'two objects',
    run: async (eut, metric) => {
      const rows = await subscribe(eut, { ID: 'set131' }, { ID: 'set132' });
      const answer = await eut.tester.expect('set_resp', set(...rows.map((row) => update(row, RETRY))));
      metric(1, answer.updated_obj_results.length === 2);
      const told = rows.map((row, index) => {
        const [only, ...more] = changedOf(answer, index);
        return (
          only?.affected_path === row && more.length === 0 && sameNames(only.updated_params.keys(), ['NotifRetry'])
        );
      });
      metric(2, !told.includes(false), brief(answer));
      for (const row of rows) metric(3, (await valueOf(eut, row)) === 'true');
    },
  },
  {
    id: '1.14',
    title: 'a required parameter fails',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'set14' });
      const answer = await eut.tester.ask(set(update(row, UNKNOWN)));
      metric(1, answer.kind === 'error', brief(answer));
      errorNames(metric, 2, answer, `${row}InvalidParameter`, 7010);
      metric(3, (await valueOf(eut, row, 'InvalidParameter')) === undefined);
    },
  },
  {
    id: '1.15',
    title: 'a required parameter of one of two objects fails',
    run: async (eut, metric) => {
      const [first = '', second = ''] = await subscribe(eut, { ID: 'set151' }, { ID: 'set152' });
      const answer = await eut.tester.ask(set(update(first, RETRY), update(second, UNKNOWN)));
      metric(1, answer.kind === 'error', brief(answer));
      errorNames(metric, 2, answer, `${second}InvalidParameter`, 7010);
      const rows = await rowsOf(eut.tester, SUBSCRIPTIONS);
      const clean = Object.values(rows).every((row) => row['InvalidParameter'] === undefined);
      metric(3, clean && rows[first]?.['NotifRetry'] === 'false');
    },
  },
  {
    id: '1.16',
    title: 'in parts, a required parameter of one of two objects fails',
    run: async (eut, metric) => {
      const [first = '', second = ''] = await subscribe(eut, { ID: 'set161' }, { ID: 'set162' });
      const answer = await eut.tester.expect('set_resp', setPartly(update(first, RETRY), update(second, UNKNOWN)));
      metric(1, answer.updated_obj_results.length === 2);
      const [done] = changedOf(answer);
      const status = answer.updated_obj_results[1]?.oper_status;
      if (status?.kind !== 'oper_failure') throw new Unmet('OperationFailure', brief(answer));
      const [failed, ...more] = status.updated_inst_failures;
      const named = failed?.affected_path === second && failed.param_errs.map(({ param }) => param).join();
      metric(2, done?.affected_path === first && named === 'InvalidParameter' && more.length === 0, brief(answer));
      metric(3, (await valueOf(eut, first)) === 'true');
    },
  },
  {
    id: '1.17',
    title: 'in parts, a parameter that is not required fails',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'set17' });
      const values = { NotifRetry: 'true', InvalidParameter: WRONG };
      const answer = await eut.tester.expect('set_resp', setPartly(update(row, values)));
      metric(1, answer.updated_obj_results.length === 1);
      const [only] = changedOf(answer);
      const errors = only?.param_errs.map(({ param }) => param).join();
      const updated = sameNames(only?.updated_params.keys() ?? [], ['NotifRetry']);
      metric(2, only?.affected_path === row && updated && errors === 'InvalidParameter', brief(answer));
      metric(3, (await valueOf(eut, row)) === 'true');
    },
  },
  {
    id: '1.18',
    title: 'an object named by its keys',
    run: async (eut, metric) => {
      const body = add(create(SUBSCRIPTIONS, { NotifType: 'ValueChange', ID: 'set18' }));
      const made = madeRow((await eut.tester.expect('add_resp', body)).created_obj_results[0]);
      const keys = [...made.keys].map(([name, value]) => `${name}=="${value}"`).join('&&');
      const answer = await eut.tester.expect('set_resp', set(update(`${SUBSCRIPTIONS}[${keys}].`, RETRY)));
      metric(1, answer.updated_obj_results.length === 1);
      const [only, ...more] = changedOf(answer);
      metric(2, only?.affected_path === made.path && more.length === 0, brief(answer));
      metric(3, (await valueOf(eut, made.path)) === 'true');
    },
  },
  { id: '1.19', title: 'a wildcard', run: throughPath(() => `${SUBSCRIPTIONS}*.`, [0, 1]) },
  {
    id: '1.20',
    title: 'a wildcard, and a required parameter fails',
    run: async (eut, metric) => {
      const rows = await subscribe(eut, { ID: 'set201' }, { ID: 'set202' });
      const answer = await eut.tester.ask(set(update(`${SUBSCRIPTIONS}*.`, UNKNOWN)));
      if (answer.kind !== 'error') throw new Unmet('an Error', brief(answer));
      metric(1, answer.err_code >= 7000);
      const paths = rows.map((row) => `${row}InvalidParameter`);
      const known = answer.param_errs.every(
        ({ param_path, err_code }) => paths.includes(param_path) && err_code === 7010,
      );
      metric(2, answer.param_errs.length > 0 && known, brief(answer));
      const after = Object.values(await rowsOf(eut.tester, SUBSCRIPTIONS));
      metric(
        3,
        after.every((row) => row['InvalidParameter'] === undefined),
      );
    },
  },
  {
    id: '1.21',
    title: 'a wildcard in parts, and a required parameter fails',
    run: async (eut, metric) => {
      const rows = await subscribe(eut, { ID: 'set211' }, { ID: 'set212' });
      const body = setPartly(update(`${SUBSCRIPTIONS}*.`, { 'Enable!': 'InvalidValue' }));
      const answer = await eut.tester.expect('set_resp', body);
      metric(1, true);
      metric(2, answer.updated_obj_results.length === 1);
      const status = answer.updated_obj_results[0]?.oper_status;
      const failures = status?.kind === 'oper_failure' ? status.updated_inst_failures : [];
      const named = failures.every(
        ({ affected_path, param_errs }) =>
          rows.includes(affected_path) && param_errs.map(({ param }) => param).join() === 'Enable',
      );
      metric(3, failures.length > 0 && named, brief(answer));
      const after = Object.values(await rowsOf(eut.tester, SUBSCRIPTIONS));
      metric(
        4,
        after.every((row) => row['Enable'] === 'true'),
      );
    },
  },
  { id: '1.22', title: 'a search', run: throughPath(() => `${SUBSCRIPTIONS}[NotifExpiration>0].`, [0]) },
  {
    id: '1.23',
    title: 'a search that finds nothing',
    run: async ({ tester }, metric) => {
      const body = setPartly(update(`${SUBSCRIPTIONS}[Recipient=="InvalidValue"].`, { NotifRetry: 'true' }));
      const answer = await tester.expect('set_resp', body);
      metric(1, true);
      metric(2, answer.updated_obj_results.length === 1 && changedOf(answer).length === 0, brief(answer));
    },
  },
  {
    id: '1.96',
    title: 'a non-functional key stays',
    run: async (eut, metric) => {
      const { tester } = eut;
      const { created_obj_results } = await tester.expect('add_resp', add(create(SUBSCRIPTIONS, { ID: 'add96' })));
      const { path } = madeRow(created_obj_results[0]);
      const answer = await tester.ask(set(update(path, { 'ID!': 'add96-NEW' })));
      metric(1, answer.kind === 'error', brief(answer));
      metric(1, (await valueOf(eut, path, 'ID')) === 'add96');
    },
  },
  {
    id: '1.104',
    title: 'what may be written once stays',
    run: async (eut, metric) => {
      const { tester } = eut;
      const body = add(create(SUBSCRIPTIONS, { Alias: 'test-1-104' }));
      const { path } = madeRow((await tester.expect('add_resp', body)).created_obj_results[0]);
      const answer = await tester.ask(set(update(path, { 'Alias!': 'test-1-104-new-alias' })));
      metric(1, answer.kind === 'error', brief(answer));
      metric(2, (await valueOf(eut, path, 'Alias')) === 'test-1-104');
    },
  },
]);
