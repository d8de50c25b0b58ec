// TP-469 chapter 1, Get.
import type { GetResp, RequestedPathResult } from '../../../proxy/usp/messages/get.ts';
import { add, create, get, resultOf } from '../../agent/requests.ts';
import { type Case, part, Unmet } from '../case.ts';
import { type Eut, rowsOf, SUBSCRIPTIONS } from '../eut.ts';
import { brief } from '../tester.ts';
import { madeRow, onlyResult, PLAIN, sameNames, subscribe } from './tools.ts';

const LOCAL = 'Device.LocalAgent.';
const EID = `${LOCAL}EndpointID`;

const isClean = ({ err_code }: RequestedPathResult): boolean => err_code === 0;
/** Names of what a result holds, without a dot inside. */
const relative = ({ resolved_path_results }: RequestedPathResult): boolean =>
  resolved_path_results.every(({ result_params }) => [...result_params.keys()].every((name) => !name.includes('.')));
const pathsOf = ({ resolved_path_results }: RequestedPathResult): readonly string[] =>
  resolved_path_results.map(({ resolved_path }) => resolved_path);

/** One parameter, and nothing else, of one path asked for. */
function oneValue(answer: GetResp, index: number, asked: string, object: string, name: string): string | undefined {
  const result = answer.req_path_results[index];
  const [only, ...more] = result?.resolved_path_results ?? [];
  if (result?.requested_path !== asked || !isClean(result) || more.length > 0) return undefined;
  if (only?.resolved_path !== object || only.result_params.size !== 1) return undefined;
  return only.result_params.get(name);
}

/** 1.46 to 1.51: the rows that a search means, and no others; `wanted` by their place among `rows`. */
const search =
  (expression: string, wanted: readonly number[]): Case['run'] =>
  async (eut, metric) => {
    const rows = await subscribe(
      eut,
      { ID: 'none', NotifExpiration: '0', Enable: 'false' },
      { ID: 'five', NotifExpiration: '5' },
      { ID: 'ten', NotifExpiration: '10', Enable: 'false' },
      { ID: 'twenty', NotifExpiration: '20' },
    );
    const path = `${SUBSCRIPTIONS}[${expression}].`;
    const answer = await eut.tester.expect('get_resp', get(path));
    const result = onlyResult(answer);
    metric(1, result.requested_path === path && isClean(result), brief(answer));
    metric(
      2,
      result.resolved_path_results.every(({ result_params }) => result_params.size > 5),
    );
    metric(3, relative(result));
    const expected = wanted.map((index) => rows[index] ?? '');
    metric(4, sameNames(pathsOf(result), expected), pathsOf(result).join());
  };

/** Nothing is found, and that is no error. */
const nothing =
  (path: string, before: (eut: Eut) => Promise<unknown> = () => Promise.resolve()): Case['run'] =>
  async (eut, metric) => {
    await before(eut);
    const answer = await eut.tester.expect('get_resp', get(path));
    const result = onlyResult(answer);
    metric(1, isClean(result), brief(answer));
    metric(2, result.requested_path === path && result.resolved_path_results.length === 0, brief(answer));
  };

/** How deep below LocalAgent an object lies; a row counts with its table. */
const depthOf = (path: string): number =>
  path
    .slice(LOCAL.length)
    .replaceAll(/\.\d+\./g, '.')
    .split('.').length;

export const GET = part([
  {
    id: '1.36',
    title: 'a parameter',
    run: async ({ tester, agent }, metric) => {
      const answer = await tester.expect('get_resp', get(EID));
      metric(1, answer.req_path_results.length === 1);
      metric(2, oneValue(answer, 0, EID, LOCAL, 'EndpointID') === agent, brief(answer));
    },
  },
  {
    id: '1.37',
    title: 'two parameters of one object',
    run: async ({ tester, agent }, metric) => {
      const answer = await tester.expect('get_resp', get(EID, `${LOCAL}SoftwareVersion`));
      metric(1, answer.req_path_results.length === 2);
      const version = oneValue(answer, 1, `${LOCAL}SoftwareVersion`, LOCAL, 'SoftwareVersion');
      metric(2, oneValue(answer, 0, EID, LOCAL, 'EndpointID') === agent && /^\d+(\.\d+)*$/.test(version ?? ''));
    },
  },
  {
    id: '1.38',
    title: 'parameters of two objects',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'get38' });
      const answer = await eut.tester.expect('get_resp', get(EID, `${row}Enable`));
      metric(1, answer.req_path_results.length === 2);
      const enable = oneValue(answer, 1, `${row}Enable`, row, 'Enable');
      metric(2, oneValue(answer, 0, EID, LOCAL, 'EndpointID') === eut.agent && enable === 'true', brief(answer));
    },
  },
  {
    id: '1.39',
    title: 'an object with all below',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'get39' });
      const result = onlyResult(await eut.tester.expect('get_resp', get(LOCAL)));
      metric(1, isClean(result));
      const paths = pathsOf(result);
      metric(2, result.requested_path === LOCAL && [LOCAL, row, eut.me].every((path) => paths.includes(path)));
      metric(3, relative(result));
    },
  },
  {
    id: '1.40',
    title: 'a row',
    run: async (eut, metric) => {
      const [row = ''] = await subscribe(eut, { ID: 'get40' });
      const result = onlyResult(await eut.tester.expect('get_resp', get(row)));
      metric(1, isClean(result));
      metric(2, result.requested_path === row && pathsOf(result).join() === row);
      metric(3, relative(result));
    },
  },
  {
    id: '1.41',
    title: 'a parameter that is not in the model',
    run: async ({ tester }, metric) => {
      const path = `${LOCAL}InvalidParameter`;
      const result = onlyResult(await tester.expect('get_resp', get(path)));
      metric(1, result.resolved_path_results.length === 0);
      metric(2, result.requested_path === path && result.err_code === 7026, String(result.err_code));
    },
  },
  {
    id: '1.42',
    title: 'one parameter that is there, and one that is not',
    run: async ({ tester, agent }, metric) => {
      const path = `${LOCAL}InvalidParameter`;
      const answer = await tester.expect('get_resp', get(EID, path));
      metric(1, answer.req_path_results.length === 2);
      const bad = answer.req_path_results[1];
      const refused = bad?.requested_path === path && bad.err_code === 7026;
      metric(2, refused && oneValue(answer, 0, EID, LOCAL, 'EndpointID') === agent, brief(answer));
    },
  },
  {
    id: '1.43',
    title: 'a row named by its keys',
    run: async (eut, metric) => {
      const body = add(create(SUBSCRIPTIONS, { ...PLAIN, ID: 'get43' }));
      const made = madeRow((await eut.tester.expect('add_resp', body)).created_obj_results[0]);
      const keys = [...made.keys].map(([name, value]) => `${name}=="${value}"`).join('&&');
      const path = `${SUBSCRIPTIONS}[${keys}].Enable`;
      const answer = await eut.tester.expect('get_resp', get(path));
      metric(1, answer.req_path_results.length === 1);
      metric(2, oneValue(answer, 0, path, made.path, 'Enable') === 'true', brief(answer));
    },
  },
  {
    id: '1.44',
    title: 'a parameter behind a wildcard',
    run: async (eut, metric) => {
      const rows = await subscribe(eut, { ID: 'get441' }, { ID: 'get442' });
      const path = `${SUBSCRIPTIONS}*.Enable`;
      const result = onlyResult(await eut.tester.expect('get_resp', get(path)));
      metric(1, isClean(result) && result.requested_path === path);
      const values = result.resolved_path_results.map(({ result_params }) => [...result_params].join());
      metric(2, sameNames(pathsOf(result), rows) && values.every((value) => value === 'Enable,true'), values.join(' '));
    },
  },
  {
    id: '1.45',
    title: 'an object behind a wildcard',
    run: async (eut, metric) => {
      const rows = await subscribe(eut, { ID: 'get451' }, { ID: 'get452' });
      const path = `${SUBSCRIPTIONS}*.`;
      const result = onlyResult(await eut.tester.expect('get_resp', get(path)));
      metric(1, isClean(result) && result.requested_path === path);
      metric(2, sameNames(pathsOf(result), rows));
      metric(3, relative(result));
    },
  },
  { id: '1.46', title: 'a search with ==', run: search('Enable==true', [1, 3]) },
  { id: '1.47', title: 'a search with !=', run: search('Enable!=true', [0, 2]) },
  { id: '1.48', title: 'a search with >', run: search('NotifExpiration>10', [3]) },
  { id: '1.49', title: 'a search with <', run: search('NotifExpiration<10', [0, 1]) },
  { id: '1.50', title: 'a search with >=', run: search('NotifExpiration>=10', [2, 3]) },
  { id: '1.51', title: 'a search with <=', run: search('NotifExpiration<=10', [0, 1, 2]) },
  { id: '1.82', title: 'a search in an empty table', run: nothing(`${SUBSCRIPTIONS}[Enable==true].`) },
  {
    id: '1.86',
    title: 'a search that no row answers',
    run: nothing(`${SUBSCRIPTIONS}[Enable==true].`, (eut) => subscribe(eut, { ID: 'get86', Enable: 'false' })),
  },
  { id: '1.87', title: 'an empty table', run: nothing(SUBSCRIPTIONS) },
  {
    id: '1.89',
    title: 'max_depth',
    run: async (eut, metric) => {
      const { tester } = eut;
      await subscribe(eut, { ID: 'get89' });
      const ask = async (max_depth: number): Promise<RequestedPathResult> =>
        onlyResult(await tester.expect('get_resp', { ...get(LOCAL), max_depth }));
      const [one, two, all] = [await ask(1), await ask(2), await ask(0)];
      metric(1, isClean(one) && pathsOf(one).join() === LOCAL, pathsOf(one).join());
      const children = pathsOf(all).filter((path) => depthOf(path) <= 2);
      metric(2, isClean(two) && sameNames(pathsOf(two), children) && children.length > 3, pathsOf(two).join());
      const everything = Object.keys(resultOf(await tester.expect('get_resp', get(LOCAL))));
      metric(3, isClean(all) && sameNames(pathsOf(all), everything));
      metric(4, [one, two, all].every(relative));
      if (Object.keys(await rowsOf(tester, SUBSCRIPTIONS)).length === 0) throw new Unmet('a row', 'none');
    },
  },
]);
