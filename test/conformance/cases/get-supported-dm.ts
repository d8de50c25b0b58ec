// TP-469 chapter 1, GetSupportedDM and GetSupportedProtocol. What can be read must be in the supported model.
import type { GetSupportedDmResp, SupportedObjectResult } from '../../../proxy/usp/messages/get-supported-dm.ts';
import { get, getSupportedDm, resultOf } from '../../agent/requests.ts';
import { type Case, part, type Metric } from '../case.ts';
import type { Eut } from '../eut.ts';
import { brief } from '../tester.ts';
import { sameNames, subscribe } from './tools.ts';

const LOCAL = 'Device.LocalAgent.';
const NOTHING = { return_commands: false, return_events: false, return_params: false, return_unique_key_sets: false };
type Flags = NonNullable<Parameters<typeof getSupportedDm>[1]>;

const ask = (eut: Eut, path: string, flags: Flags = {}): Promise<GetSupportedDmResp> =>
  eut.tester.expect('get_supported_dm_resp', getSupportedDm(path, flags));
const objectsOf = (answer: GetSupportedDmResp, index = 0): readonly SupportedObjectResult[] =>
  answer.req_obj_results[index]?.supported_objs ?? [];
const general = (path: string): string => path.replaceAll(/\.\d+(?=\.)/g, '.{i}');
const isEmpty = (object: SupportedObjectResult): boolean =>
  object.supported_params.length + object.supported_commands.length + object.supported_events.length === 0;
/** The object, and one level below it. */
const isNear = (path: string, object: string): boolean =>
  path.startsWith(object) && /^(?:\{i\}\.)?(?:[^.]+\.(?:\{i\}\.)?)?$/.test(path.slice(object.length));

/** What must be said of each parameter, command, event and key, whatever was asked (metrics 3 to 6 of 1.72). */
function wellFormed(metric: Metric, objects: readonly SupportedObjectResult[], first: number): void {
  const params = objects.flatMap(({ supported_params }) => supported_params);
  const commands = objects.flatMap(({ supported_commands }) => supported_commands);
  const events = objects.flatMap(({ supported_events }) => supported_events);
  const unknown = params.filter(
    ({ param_name, value_type, value_change }) =>
      param_name === '' || value_type === 'PARAM_UNKNOWN' || value_change === 'VALUE_CHANGE_UNKNOWN',
  );
  metric(first, unknown.length === 0, JSON.stringify(unknown.slice(0, 3)));
  metric(
    first + 1,
    commands.every(({ command_type }) => command_type !== 'CMD_UNKNOWN'),
  );
  metric(
    first + 2,
    events.every(({ event_name }) => event_name.endsWith('!')),
  );
  const keyed = objects.every(({ supported_params, unique_key_sets }) =>
    unique_key_sets.every(
      ({ key_names }) =>
        key_names.length > 0 &&
        (supported_params.length === 0 ||
          key_names.every((key) => supported_params.some((one) => one.param_name === key))),
    ),
  );
  metric(first + 3, keyed);
}

/** An element that is asked for by its own path, and comes alone. */
const alone =
  (path: string, pick: (object: SupportedObjectResult) => readonly string[], name: string): Case['run'] =>
  async (eut, metric) => {
    const answer = await ask(eut, path);
    const objects = objectsOf(answer);
    const counts = objects.map(
      (object) =>
        object.supported_commands.length +
        object.supported_events.length +
        object.supported_params.length +
        object.unique_key_sets.length,
    );
    const only = answer.req_obj_results.length === 1 && objects.length === 1 && counts[0] === 1;
    metric(1, only && objects.flatMap(pick).join() === name, brief(answer));
  };

export const GET_SUPPORTED_DM = part([
  {
    id: '1.72',
    title: 'an object, everything, all levels',
    run: async (eut, metric) => {
      await subscribe(eut, { ID: 'dm72' });
      const answer = await ask(eut, LOCAL);
      metric(1, answer.req_obj_results.length === 1);
      const objects = objectsOf(answer);
      const known = new Map(objects.map((object) => [object.supported_obj_path, object]));
      const values = resultOf(await eut.tester.expect('get_resp', get(LOCAL)));
      const unsaid = Object.entries(values).flatMap(([path, row]) => {
        const names = known.get(general(path))?.supported_params.map(({ param_name }) => param_name) ?? [];
        return Object.keys(row).flatMap((name) => (names.includes(name) ? [] : [path + name]));
      });
      metric(2, unsaid.length === 0, unsaid.join());
      wellFormed(metric, objects, 3);
    },
  },
  {
    id: '1.73',
    title: 'an object, everything, the first level',
    run: async (eut, metric) => {
      const answer = await ask(eut, LOCAL, { first_level_only: true });
      const objects = objectsOf(answer);
      metric(1, objects.length > 3 && objects.every((one) => isNear(one.supported_obj_path, LOCAL)), brief(answer));
      const full = objects.filter((object) => !isEmpty(object)).map((object) => object.supported_obj_path);
      metric(2, full.join() === LOCAL, full.join());
      wellFormed(metric, objects, 3);
      const own = objects.find((object) => object.supported_obj_path === LOCAL);
      metric(6, own?.unique_key_sets.length === 0);
    },
  },
  {
    id: '1.74',
    title: 'an object, nothing, the first level',
    run: async (eut, metric) => {
      const answer = await ask(eut, LOCAL, { first_level_only: true, ...NOTHING });
      const objects = objectsOf(answer);
      metric(1, objects.length > 3 && objects.every((one) => isNear(one.supported_obj_path, LOCAL)));
      metric(
        2,
        objects.every((object) => isEmpty(object) && object.unique_key_sets.length === 0),
        brief(answer),
      );
    },
  },
  {
    id: '1.75',
    title: 'two objects, everything, the first level',
    run: async (eut, metric) => {
      const paths = [`${LOCAL}Controller.`, `${LOCAL}MTP.`];
      const body = { ...getSupportedDm('', { first_level_only: true }), obj_paths: paths };
      const answer = await eut.tester.expect('get_supported_dm_resp', body);
      const near = paths.every((path, index) =>
        objectsOf(answer, index).every((object) => isNear(object.supported_obj_path, path)),
      );
      metric(1, answer.req_obj_results.length === 2 && near, brief(answer));
      const full = paths.map((_, index) => objectsOf(answer, index).filter((object) => !isEmpty(object)));
      const own = full.map((objects) => objects.map((object) => object.supported_obj_path).join());
      metric(2, own.join() === paths.map((path) => `${path}{i}.`).join(), own.join());
      paths.forEach((_, index) => wellFormed(metric, objectsOf(answer, index), 3));
      metric(
        6,
        full.flat().every(({ unique_key_sets }) => unique_key_sets.length > 0),
      );
    },
  },
  {
    id: '1.76',
    title: 'the whole model',
    run: async (eut, metric) => {
      const objects = objectsOf(await ask(eut, 'Device.'));
      const paths = objects.map((object) => object.supported_obj_path);
      metric(
        1,
        ['Device.', LOCAL, 'Device.DeviceInfo.', 'Device.WiFi.SSID.{i}.'].every((path) => paths.includes(path)),
      );
      metric(1, !paths.includes('Device.ManagementServer.'), 'what a Controller must not see is in the model');
      wellFormed(metric, objects, 2);
    },
  },
  {
    id: '1.77',
    title: 'an object that is not in the model',
    run: async (eut, metric) => {
      const answer = await ask(eut, `${LOCAL}UnsupportedObject.`);
      const [only, ...more] = answer.req_obj_results;
      metric(1, more.length === 0 && only?.err_code === 7026, brief(answer));
    },
  },
  {
    id: '1.97',
    title: 'commands of the whole model',
    run: async (eut, metric) => {
      const objects = objectsOf(await ask(eut, 'Device.', { return_events: false, return_params: false }));
      const commands = objects.flatMap(({ supported_commands }) => supported_commands);
      metric(
        1,
        commands.length > 0 && objects.every((one) => one.supported_params.length + one.supported_events.length === 0),
      );
      metric(
        2,
        commands.every(({ command_name }) => command_name.endsWith('()')),
      );
      metric(
        3,
        commands.every(({ command_type }) => command_type !== 'CMD_UNKNOWN'),
      );
      const names = commands.flatMap(({ input_arg_names }) => input_arg_names);
      metric(4, names.length > 0 && names.every((name) => !name.startsWith('Device.')), names.join());
    },
  },
  {
    id: '1.98',
    title: 'events of the whole model',
    run: async (eut, metric) => {
      const objects = objectsOf(await ask(eut, 'Device.', { return_commands: false, return_params: false }));
      const events = objects.flatMap(({ supported_events }) => supported_events);
      const silent = objects.every((one) => one.supported_params.length + one.supported_commands.length === 0);
      metric(1, events.length > 0 && silent);
      metric(
        2,
        events.every(({ event_name }) => event_name.endsWith('!')),
      );
      const boot = events.find(({ event_name }) => event_name === 'Boot!')?.arg_names ?? [];
      metric(
        3,
        ['CommandKey', 'Cause', 'FirmwareUpdated', 'ParameterMap'].every((name) => boot.includes(name)),
        boot.join(),
      );
    },
  },
  {
    id: '1.99',
    title: 'unique keys, of a path without its last dot',
    run: async (eut, metric) => {
      const flags = { ...NOTHING, return_unique_key_sets: true };
      const answer = await ask(eut, `${LOCAL}Subscription`, flags);
      const [object, ...more] = objectsOf(answer);
      metric(1, more.length === 0 && object !== undefined && isEmpty(object), brief(answer));
      const sets = object?.unique_key_sets.map(({ key_names }) => [...key_names].sort().join()) ?? [];
      metric(2, sameNames(sets, ['Alias', 'ID,Recipient']), sets.join(' '));
    },
  },
  {
    id: '1.105',
    title: 'a command',
    run: alone(
      'Device.Reboot()',
      (object) => object.supported_commands.map(({ command_name }) => command_name),
      'Reboot()',
    ),
  },
  {
    id: '1.106',
    title: 'an event',
    run: alone('Device.Boot!', (object) => object.supported_events.map(({ event_name }) => event_name), 'Boot!'),
  },
  {
    id: '1.107',
    title: 'a parameter',
    run: alone(
      `${LOCAL}EndpointID`,
      (object) => object.supported_params.map(({ param_name }) => param_name),
      'EndpointID',
    ),
  },
  {
    id: '1.80',
    title: 'the versions of the protocol',
    run: async ({ tester }, metric) => {
      const body = {
        kind: 'get_supported_protocol',
        controller_supported_protocol_versions: '1.0,1.1,1.2,1.3,1.4',
      } as const;
      const answer = await tester.expect('get_supported_protocol_resp', body);
      metric(1, true);
      const versions = answer.agent_supported_protocol_versions.split(',').map((version) => version.trim());
      metric(2, versions.every((version) => /^1\.\d+$/.test(version)) && versions.includes('1.4'), versions.join());
    },
  },
]);
