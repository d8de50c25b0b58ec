// Add: new rows, each with values for some of its parameters.
import type { ParameterError } from './error.ts';

export interface AddRequest {
  readonly kind: 'add';
  /** False makes the whole message one (R-ADD.1). */
  readonly allow_partial: boolean;
  readonly create_objs: readonly CreateObject[];
}
export interface CreateObject {
  readonly obj_path: string;
  readonly param_settings: readonly ParamSetting[];
}
/** One value of an Add or a Set. A unique key's parameter counts as required whatever is said here. */
export interface ParamSetting {
  /** Relative to `obj_path`. */
  readonly param: string;
  readonly value: string;
  readonly required: boolean;
}

export interface AddResp {
  readonly kind: 'add_resp';
  readonly created_obj_results: readonly CreatedObjectResult[];
}
export interface CreatedObjectResult {
  readonly requested_path: string;
  readonly oper_status: AddSuccess | AddFailure;
}
export interface AddSuccess {
  readonly kind: 'oper_success';
  readonly instantiated_path: string;
  readonly param_errs: readonly ParameterError[];
  readonly unique_keys: ReadonlyMap<string, string>;
}
export interface AddFailure {
  readonly kind: 'oper_failure';
  readonly err_code: number;
  readonly err_msg: string;
}
