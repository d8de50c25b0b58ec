// GetSupportedDM (R-GSP.0): what the Agent's model holds, from what is stored of it: no RPC, no turn of the CPE.
import type { SupportedModel, SupportedObject, SupportedParameter } from '../../mapping/supported.ts';
import { objectOrRow } from '../../mapping/supported.ts';
import { parseSupportedPath } from '../../path/supported-path.ts';
import { codes } from '../../usp/codes.ts';
import {
  type GetSupportedDmRequest,
  type GetSupportedDmResp,
  type ObjAccessType,
  paramValueTypeOf,
  type RequestedObjectResult,
  type SupportedObjectResult,
  type SupportedParamResult,
} from '../../usp/messages/get-supported-dm.ts';

type Wanted = Pick<
  GetSupportedDmRequest,
  'return_commands' | 'return_events' | 'return_params' | 'return_unique_key_sets'
>;
const BARE: Wanted = {
  return_commands: false,
  return_events: false,
  return_params: false,
  return_unique_key_sets: false,
};

export function getSupportedDm(
  model: SupportedModel,
  dataModelUri: string,
  request: GetSupportedDmRequest,
): GetSupportedDmResp {
  return {
    kind: 'get_supported_dm_resp',
    req_obj_results: request.obj_paths.map((path) => answer(model, dataModelUri, request, path)),
  };
}

function answer(
  model: SupportedModel,
  uri: string,
  request: GetSupportedDmRequest,
  req_obj_path: string,
): RequestedObjectResult {
  const fail = (err_code: number, err_msg: string): RequestedObjectResult => ({
    req_obj_path,
    err_code,
    err_msg,
    data_model_inst_uri: '',
    supported_objs: [],
  });
  const parsed = parseSupportedPath(req_obj_path);
  if (!parsed.ok) return fail(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { object: path, leaf } = parsed.path;
  const found = (supported_objs: readonly SupportedObjectResult[]): RequestedObjectResult => ({
    req_obj_path,
    err_code: 0,
    err_msg: '',
    data_model_inst_uri: uri,
    supported_objs,
  });
  const owner = objectOrRow(model, path);
  const whole =
    leaf.kind === 'object'
      ? owner
      : leaf.kind === 'parameter-or-object'
        ? objectOrRow(model, `${path}${leaf.name}.`)
        : undefined;
  if (whole !== undefined) return found(objectsOf(model, whole, request));
  const element = owner === undefined || leaf.kind === 'object' ? undefined : onlyElement(owner, leaf.kind, leaf.name);
  return element === undefined ? fail(codes.invalidPath, 'not in the Supported Data Model') : found([element]);
}

/** A path of one command, event or parameter: only that element, whatever the flags say (USP 1.4). */
function onlyElement(object: SupportedObject, kind: string, name: string): SupportedObjectResult | undefined {
  const none = { ...object, parameters: new Map(), commands: new Map(), events: new Map() };
  const all: Wanted = {
    return_commands: true,
    return_events: true,
    return_params: true,
    return_unique_key_sets: false,
  };
  const command = kind === 'command' ? object.commands.get(`${name}()`) : undefined;
  if (command !== undefined) return describe({ ...none, commands: new Map([[command.name, command]]) }, all);
  const event = kind === 'event' ? object.events.get(`${name}!`) : undefined;
  if (event !== undefined) return describe({ ...none, events: new Map([[event.name, event]]) }, all);
  const parameter = kind === 'parameter-or-object' ? object.parameters.get(name) : undefined;
  return parameter === undefined ? undefined : describe({ ...none, parameters: new Map([[name, parameter]]) }, all);
}

function objectsOf(
  model: SupportedModel,
  object: SupportedObject,
  request: GetSupportedDmRequest,
): readonly SupportedObjectResult[] {
  const objects = [describe(object, request)];
  const visit = (path: string): void => {
    const child = model.objects.get(path);
    if (child === undefined) return;
    // Of the children at the first level only the object itself is told (R-GSP, TP-469 1.73 metrics 2 and 6).
    objects.push(describe(child, request.first_level_only ? BARE : request));
    if (!request.first_level_only) child.children.forEach(visit);
  };
  object.children.forEach(visit);
  return objects;
}

function accessOf({ creatable, deletable }: SupportedObject): ObjAccessType {
  if (creatable) return deletable ? 'OBJ_ADD_DELETE' : 'OBJ_ADD_ONLY';
  return deletable ? 'OBJ_DELETE_ONLY' : 'OBJ_READ_ONLY';
}

const describeParameter = ({ name, access, type, valueChange }: SupportedParameter): SupportedParamResult => ({
  param_name: name,
  // writeOnceReadOnly is reported as read-write (§5.3).
  access: access === 'readOnly' ? 'PARAM_READ_ONLY' : 'PARAM_READ_WRITE',
  value_type: paramValueTypeOf(type),
  value_change: valueChange === 'ALLOWED' ? 'VALUE_CHANGE_ALLOWED' : 'VALUE_CHANGE_WILL_IGNORE',
});

function describe(object: SupportedObject, wanted: Wanted): SupportedObjectResult {
  return {
    supported_obj_path: object.path,
    access: object.multi ? accessOf(object) : 'OBJ_READ_ONLY',
    is_multi_instance: object.multi,
    supported_commands: wanted.return_commands
      ? [...object.commands.values()].map((command) => ({
          command_name: command.name,
          input_arg_names: command.inputs.map(({ name }) => name),
          output_arg_names: command.outputs,
          command_type: command.type === 'SYNC' ? 'CMD_SYNC' : 'CMD_ASYNC',
        }))
      : [],
    supported_events: wanted.return_events
      ? [...object.events.values()].map((event) => ({ event_name: event.name, arg_names: event.arguments }))
      : [],
    supported_params: wanted.return_params ? [...object.parameters.values()].map(describeParameter) : [],
    divergent_paths: [],
    unique_key_sets: wanted.return_unique_key_sets ? object.uniqueKeys.map(({ names }) => ({ key_names: names })) : [],
  };
}
