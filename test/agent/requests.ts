// Requests as short as a test wants them.
import type { AddRequest, CreateObject, ParamSetting } from '../../proxy/usp/messages/add.ts';
import type { DeleteRequest } from '../../proxy/usp/messages/delete.ts';
import type { GetInstancesRequest } from '../../proxy/usp/messages/get-instances.ts';
import type { GetSupportedDmRequest } from '../../proxy/usp/messages/get-supported-dm.ts';
import type { GetRequest, GetResp } from '../../proxy/usp/messages/get.ts';
import type { OperateRequest } from '../../proxy/usp/messages/operate.ts';
import type { SetRequest, UpdateObject } from '../../proxy/usp/messages/set.ts';

export const get = (...param_paths: readonly string[]): GetRequest => ({ kind: 'get', param_paths, max_depth: 0 });

export const getInstances = (...obj_paths: readonly string[]): GetInstancesRequest => ({
  kind: 'get_instances',
  obj_paths,
  first_level_only: false,
});

export const getSupportedDm = (
  path: string,
  flags: Partial<Omit<GetSupportedDmRequest, 'kind' | 'obj_paths'>> = {},
): GetSupportedDmRequest => ({
  kind: 'get_supported_dm',
  obj_paths: [path],
  first_level_only: false,
  return_commands: true,
  return_events: true,
  return_params: true,
  return_unique_key_sets: true,
  ...flags,
});

/** Values by name; a name that ends in `!` is required. */
export type Values = Readonly<Record<string, string>>;

const settingsOf = (values: Values): readonly ParamSetting[] =>
  Object.entries(values).map(([name, value]) => ({
    param: name.replace(/!$/, ''),
    value,
    required: name.endsWith('!'),
  }));

export const update = (obj_path: string, values: Values): UpdateObject => ({
  obj_path,
  param_settings: settingsOf(values),
});
export const create = (obj_path: string, values: Values = {}): CreateObject => ({
  obj_path,
  param_settings: settingsOf(values),
});

/** All or nothing. */
export const set = (...update_objs: readonly UpdateObject[]): SetRequest => ({
  kind: 'set',
  allow_partial: false,
  update_objs,
});
export const setPartly = (...update_objs: readonly UpdateObject[]): SetRequest => ({
  kind: 'set',
  allow_partial: true,
  update_objs,
});
export const add = (...create_objs: readonly CreateObject[]): AddRequest => ({
  kind: 'add',
  allow_partial: false,
  create_objs,
});
export const addPartly = (...create_objs: readonly CreateObject[]): AddRequest => ({
  kind: 'add',
  allow_partial: true,
  create_objs,
});
export const remove = (...obj_paths: readonly string[]): DeleteRequest => ({
  kind: 'delete',
  allow_partial: false,
  obj_paths,
});
export const removePartly = (...obj_paths: readonly string[]): DeleteRequest => ({
  kind: 'delete',
  allow_partial: true,
  obj_paths,
});

export const operate = (command: string, args: Values = {}, command_key = 'key'): OperateRequest => ({
  kind: 'operate',
  command,
  command_key,
  send_resp: true,
  input_args: new Map(Object.entries(args)),
});

/** Object → its parameters, of one path's result. */
export const resultOf = (answer: GetResp, index = 0): Readonly<Record<string, Values>> =>
  Object.fromEntries(
    (answer.req_path_results[index]?.resolved_path_results ?? []).map(({ resolved_path, result_params }) => [
      resolved_path,
      Object.fromEntries(result_params),
    ]),
  );
