// GetSupportedDM: what the Agent's model holds, instances aside.
import type { BaseType, ValueType } from '../../path/value-type.ts';

export interface GetSupportedDmRequest {
  readonly kind: 'get_supported_dm';
  readonly obj_paths: readonly string[];
  readonly first_level_only: boolean;
  readonly return_commands: boolean;
  readonly return_events: boolean;
  readonly return_params: boolean;
  readonly return_unique_key_sets: boolean;
}
export interface GetSupportedDmResp {
  readonly kind: 'get_supported_dm_resp';
  readonly req_obj_results: readonly RequestedObjectResult[];
}
/** One for each of the request's paths, in its order; `err_code` 0 is success. */
export interface RequestedObjectResult {
  readonly req_obj_path: string;
  readonly err_code: number;
  readonly err_msg: string;
  readonly data_model_inst_uri: string;
  readonly supported_objs: readonly SupportedObjectResult[];
}
export interface SupportedObjectResult {
  /** With `{i}` for each instance number, and a dot at its end. */
  readonly supported_obj_path: string;
  readonly access: ObjAccessType;
  readonly is_multi_instance: boolean;
  readonly supported_commands: readonly SupportedCommandResult[];
  readonly supported_events: readonly SupportedEventResult[];
  readonly supported_params: readonly SupportedParamResult[];
  /** Used by mount points only; Causeway has none. */
  readonly divergent_paths: readonly string[];
  readonly unique_key_sets: readonly SupportedUniqueKeySet[];
}
export interface SupportedCommandResult {
  /** With its `()`. */
  readonly command_name: string;
  readonly input_arg_names: readonly string[];
  readonly output_arg_names: readonly string[];
  readonly command_type: CmdType;
}
export interface SupportedEventResult {
  /** With its `!`. */
  readonly event_name: string;
  readonly arg_names: readonly string[];
}
export interface SupportedParamResult {
  readonly param_name: string;
  readonly access: ParamAccessType;
  readonly value_type: ParamValueType;
  readonly value_change: ValueChangeType;
}
export interface SupportedUniqueKeySet {
  readonly key_names: readonly string[];
}

export type ObjAccessType = 'OBJ_READ_ONLY' | 'OBJ_ADD_DELETE' | 'OBJ_ADD_ONLY' | 'OBJ_DELETE_ONLY';
export type CmdType = 'CMD_UNKNOWN' | 'CMD_SYNC' | 'CMD_ASYNC';
export type ParamAccessType = 'PARAM_READ_ONLY' | 'PARAM_READ_WRITE' | 'PARAM_WRITE_ONLY';
export type ParamValueType =
  | 'PARAM_UNKNOWN'
  | 'PARAM_BASE_64'
  | 'PARAM_BOOLEAN'
  | 'PARAM_DATE_TIME'
  | 'PARAM_DECIMAL'
  | 'PARAM_HEX_BINARY'
  | 'PARAM_INT'
  | 'PARAM_LONG'
  | 'PARAM_STRING'
  | 'PARAM_UNSIGNED_INT'
  | 'PARAM_UNSIGNED_LONG';
export type ValueChangeType = 'VALUE_CHANGE_UNKNOWN' | 'VALUE_CHANGE_ALLOWED' | 'VALUE_CHANGE_WILL_IGNORE';

const paramValueTypes: Readonly<Record<BaseType, ParamValueType>> = {
  base64: 'PARAM_BASE_64',
  boolean: 'PARAM_BOOLEAN',
  dateTime: 'PARAM_DATE_TIME',
  decimal: 'PARAM_DECIMAL',
  hexBinary: 'PARAM_HEX_BINARY',
  int: 'PARAM_INT',
  long: 'PARAM_LONG',
  string: 'PARAM_STRING',
  unsignedInt: 'PARAM_UNSIGNED_INT',
  unsignedLong: 'PARAM_UNSIGNED_LONG',
};

/** A list is a string to those who do not know that it is one. */
export function paramValueTypeOf({ base, list }: ValueType): ParamValueType {
  return list === undefined ? paramValueTypes[base] : 'PARAM_STRING';
}
