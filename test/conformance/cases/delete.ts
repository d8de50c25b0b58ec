// TP-469 chapter 1, Delete.
import { add, create, remove, removePartly } from '../../agent/requests.ts';
import { type Case, part, Unmet } from '../case.ts';
import { CONTROLLERS, type Eut, rowsOf, SUBSCRIPTIONS } from '../eut.ts';
import { brief } from '../tester.ts';
import { errorNames, goneOf, pathOf, sameNames, subscribe } from './tools.ts';

const UNKNOWN = 'Device.LocalAgent.InvalidObject.';
const MISSING = `${SUBSCRIPTIONS}99999.`;
const there = async ({ tester }: Eut, ...paths: readonly string[]): Promise<readonly boolean[]> => {
  const rows = await rowsOf(tester, SUBSCRIPTIONS);
  return paths.map((path) => rows[path] !== undefined);
};

const missing =
  (ask: typeof remove): Case['run'] =>
  async ({ tester }, metric) => {
    const answer = await tester.expect('delete_resp', ask(MISSING));
    metric(1, answer.deleted_obj_results.length === 1 && goneOf(answer).length === 0, brief(answer));
  };

/** BootParameters of the Controller itself; their paths. */
async function bootParameters(eut: Eut, ...enabled: readonly string[]): Promise<readonly string[]> {
  const rows = enabled.map((Enable, index) =>
    create(`${eut.me}BootParameter.`, {
      Enable,
      ParameterName: index === 0 ? 'Device.LocalAgent.SoftwareVersion' : `Device.LocalAgent.Controller.${index}.`,
    }),
  );
  return (await eut.tester.expect('add_resp', add(...rows))).created_obj_results.map((result) => pathOf(result));
}

export const DELETE = part([
  {
    id: '1.24',
    title: 'one row',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'delete24' });
      const answer = await eut.tester.expect('delete_resp', remove(row));
      metric(1, answer.deleted_obj_results.length === 1);
      metric(2, answer.deleted_obj_results[0]?.requested_path === row && goneOf(answer).join() === row, brief(answer));
      metric(3, !(await there(eut, row)).includes(true));
    },
  },
  { id: '1.25', title: 'a row that is not there', run: missing(remove) },
  {
    id: '1.26',
    title: 'an object that is not in the model',
    run: async ({ tester }, metric) => {
      const answer = await tester.ask(remove(UNKNOWN));
      metric(1, answer.kind === 'error', brief(answer));
      errorNames(metric, 2, answer, UNKNOWN, 7026);
    },
  },
  {
    id: '1.27',
    title: 'two rows',
    run: async (eut, metric) => {
      const rows = await subscribe(eut, { ID: 'delete271' }, { ID: 'delete272' });
      const answer = await eut.tester.expect('delete_resp', remove(...rows));
      metric(1, answer.deleted_obj_results.length === 2);
      metric(
        2,
        rows.every((row, index) => goneOf(answer, index).join() === row),
        brief(answer),
      );
      metric(3, !(await there(eut, ...rows)).includes(true));
    },
  },
  {
    id: '1.28',
    title: 'a row, and an object that is not in the model',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'delete28' });
      const answer = await eut.tester.ask(remove(row, UNKNOWN));
      metric(1, answer.kind === 'error', brief(answer));
      errorNames(metric, 2, answer, UNKNOWN, 7026);
      metric(3, (await there(eut, row)).join() === 'true');
    },
  },
  { id: '1.29', title: 'in parts, a row that is not there', run: missing(removePartly) },
  {
    id: '1.30',
    title: 'in parts, an object that is not in the model',
    run: async ({ tester }, metric) => {
      const answer = await tester.expect('delete_resp', removePartly(UNKNOWN));
      metric(1, true);
      const [only] = answer.deleted_obj_results;
      metric(2, only?.requested_path === UNKNOWN && only.oper_status.kind === 'oper_failure', brief(answer));
    },
  },
  {
    id: '1.31',
    title: 'in parts, a row and an object that is not in the model',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'delete31' });
      const answer = await eut.tester.expect('delete_resp', removePartly(row, UNKNOWN));
      metric(1, true);
      const failed = answer.deleted_obj_results[1]?.oper_status;
      metric(2, goneOf(answer).join() === row && failed?.kind === 'oper_failure', brief(answer));
      metric(3, !(await there(eut, row)).includes(true));
    },
  },
  {
    id: '1.32',
    title: 'in parts, a row and one that is not there',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'delete32' });
      const answer = await eut.tester.expect('delete_resp', removePartly(row, MISSING));
      metric(1, true);
      metric(2, goneOf(answer).join() === row && goneOf(answer, 1).length === 0, brief(answer));
      metric(3, !(await there(eut, row)).includes(true));
    },
  },
  {
    id: '1.33',
    title: 'below a row named by its keys',
    run: async (eut, metric) => {
      const { tester, me } = eut;
      const [row = ''] = await bootParameters(eut, 'true');
      const alias = (await rowsOf(tester, me))[me]?.['Alias'] ?? '';
      const keys = `[EndpointID=="${tester.eid}"&&Alias=="${alias}"]`;
      const path = row.replace(me, `${CONTROLLERS}${keys}.`);
      const answer = await tester.expect('delete_resp', remove(path));
      metric(1, true);
      metric(2, answer.deleted_obj_results[0]?.requested_path === path && goneOf(answer).length === 1, brief(answer));
      metric(3, goneOf(answer).join() === row);
      metric(4, (await rowsOf(tester, `${me}BootParameter.`))[row] === undefined);
    },
  },
  {
    id: '1.34',
    title: 'a wildcard',
    run: async (eut, metric) => {
      const rows = await subscribe(eut, { ID: 'delete341' }, { ID: 'delete342' });
      const answer = await eut.tester.expect('delete_resp', remove(`${SUBSCRIPTIONS}*.`));
      metric(1, answer.deleted_obj_results.length === 1);
      metric(2, sameNames(goneOf(answer), rows), brief(answer));
      metric(3, !(await there(eut, ...rows)).includes(true));
    },
  },
  {
    id: '1.35',
    title: 'a search',
    run: async (eut, metric) => {
      const [on = '', off = ''] = await bootParameters(eut, 'true', 'false');
      const path = `${eut.me}BootParameter.[Enable==true].`;
      const answer = await eut.tester.expect('delete_resp', remove(path));
      metric(1, true);
      const [only] = answer.deleted_obj_results;
      if (only === undefined) throw new Unmet('a result', brief(answer));
      metric(2, only.requested_path === path && goneOf(answer).join() === on, brief(answer));
      const rows = await rowsOf(eut.tester, `${eut.me}BootParameter.`);
      metric(3, rows[off] !== undefined);
      metric(
        4,
        Object.values(rows).every((row) => row['Enable'] !== 'true'),
      );
    },
  },
  {
    id: '1.90',
    title: 'a search that finds nothing',
    run: async (eut, metric) => {
      await subscribe(eut, { ID: 'delete90' });
      const answer = await eut.tester.expect('delete_resp', remove(`${SUBSCRIPTIONS}[Enable==false].`));
      metric(1, goneOf(answer).length === 0, brief(answer));
    },
  },
]);
