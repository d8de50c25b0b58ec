// TP-469 chapter 1, GetInstances.
import type { GetInstancesResp, RequestedInstancesResult } from '../../../proxy/usp/messages/get-instances.ts';
import { add, create, getInstances } from '../../agent/requests.ts';
import { part } from '../case.ts';
import { CONTROLLERS, type Eut, rowsOf } from '../eut.ts';
import { brief } from '../tester.ts';
import { pathOf, sameNames } from './tools.ts';

const MTPS = 'Device.LocalAgent.MTP.';

const ask = (eut: Eut, first_level_only: boolean, ...paths: readonly string[]): Promise<GetInstancesResp> =>
  eut.tester.expect('get_instances_resp', { ...getInstances(...paths), first_level_only });
const pathsOf = (result: RequestedInstancesResult | undefined): readonly string[] =>
  (result?.curr_insts ?? []).map(({ instantiated_obj_path }) => instantiated_obj_path);
const isRowOf = (table: string, path: string): boolean =>
  path.startsWith(table) && /^[1-9]\d*\.$/.test(path.slice(table.length));

/** A BootParameter of the Controller, and an MTP where it has none; their paths. */
async function below(eut: Eut): Promise<readonly string[]> {
  const boot = create(`${eut.me}BootParameter.`, {
    Enable: 'true',
    ParameterName: 'Device.LocalAgent.SoftwareVersion',
  });
  const mtp = create(`${eut.me}MTP.`, { Protocol: 'WebSocket' });
  const has = Object.keys(await rowsOf(eut.tester, `${eut.me}MTP.*.`)).filter((path) => isRowOf(`${eut.me}MTP.`, path));
  const { created_obj_results } = await eut.tester.expect('add_resp', add(boot, ...(has.length > 0 ? [] : [mtp])));
  return [...created_obj_results.map((result) => pathOf(result)), ...has];
}

export const GET_INSTANCES = part([
  {
    id: '1.66',
    title: 'the first level of one table',
    run: async (eut, metric) => {
      await eut.second();
      const answer = await ask(eut, true, CONTROLLERS);
      const [only, ...more] = answer.req_path_results;
      metric(
        1,
        only?.requested_path === CONTROLLERS && more.length === 0 && only.curr_insts.length >= 2,
        brief(answer),
      );
      metric(
        2,
        pathsOf(only).every((path) => isRowOf(CONTROLLERS, path)),
        brief(answer),
      );
      const keys = only?.curr_insts.every(({ unique_keys }) => sameNames(unique_keys.keys(), ['Alias', 'EndpointID']));
      metric(3, keys === true, brief(answer));
    },
  },
  {
    id: '1.67',
    title: 'all levels of one table',
    run: async (eut, metric) => {
      const inside = await below(eut);
      const answer = await ask(eut, false, CONTROLLERS);
      const paths = pathsOf(answer.req_path_results[0]);
      metric(
        1,
        [eut.me, ...inside].every((path) => paths.includes(path)),
        brief(answer),
      );
    },
  },
  {
    id: '1.68',
    title: 'two tables',
    run: async (eut, metric) => {
      const { req_path_results } = await ask(eut, true, CONTROLLERS, MTPS);
      metric(1, req_path_results.map(({ requested_path }) => requested_path).join() === `${CONTROLLERS},${MTPS}`);
      metric(
        2,
        req_path_results.every(({ curr_insts }) => curr_insts.length > 0),
      );
    },
  },
  {
    id: '1.70',
    title: 'a table behind a wildcard',
    run: async (eut, metric) => {
      await below(eut);
      const answer = await ask(eut, true, `${CONTROLLERS}*.MTP.`);
      const paths = pathsOf(answer.req_path_results[0]);
      metric(
        1,
        paths.some((path) => isRowOf(`${eut.me}MTP.`, path)),
        brief(answer),
      );
    },
  },
  {
    id: '1.71',
    title: 'a table behind a search',
    run: async (eut, metric) => {
      await below(eut);
      const alias = (await rowsOf(eut.tester, eut.me))[eut.me]?.['Alias'] ?? '';
      const answer = await ask(eut, false, `${CONTROLLERS}[Alias=="${alias}"].BootParameter.`);
      const paths = pathsOf(answer.req_path_results[0]);
      metric(1, paths.length > 0 && paths.every((path) => isRowOf(`${eut.me}BootParameter.`, path)), brief(answer));
    },
  },
  {
    id: '1.83',
    title: 'a search that finds nothing',
    run: async (eut, metric) => {
      const path = `${CONTROLLERS}[Alias=="no-such-alias"].BootParameter.`;
      const answer = await ask(eut, false, path);
      const [only, ...more] = answer.req_path_results;
      metric(1, more.length === 0 && only !== undefined);
      metric(2, only?.requested_path === path && only.err_code === 0 && only.curr_insts.length === 0, brief(answer));
    },
  },
]);
