// Set: new values for parameters of objects that exist.
import type { ParamSetting } from './add.ts';
import type { ParameterError } from './error.ts';

export interface SetRequest {
  readonly kind: 'set';
  /** False makes the whole message one (R-SET.1). */
  readonly allow_partial: boolean;
  readonly update_objs: readonly UpdateObject[];
}
export interface UpdateObject {
  /** May be a search, which is then one whatever `allow_partial` says (R-SET.2a). */
  readonly obj_path: string;
  readonly param_settings: readonly ParamSetting[];
}

export interface SetResp {
  readonly kind: 'set_resp';
  readonly updated_obj_results: readonly UpdatedObjectResult[];
}
export interface UpdatedObjectResult {
  readonly requested_path: string;
  readonly oper_status: SetSuccess | SetFailure;
}
export interface SetSuccess {
  readonly kind: 'oper_success';
  /** One for each object that the path resolved to; none for a search without match. */
  readonly updated_inst_results: readonly UpdatedInstanceResult[];
}
export interface SetFailure {
  readonly kind: 'oper_failure';
  readonly err_code: number;
  readonly err_msg: string;
  readonly updated_inst_failures: readonly UpdatedInstanceFailure[];
}
export interface UpdatedInstanceResult {
  readonly affected_path: string;
  readonly param_errs: readonly ParameterError[];
  readonly updated_params: ReadonlyMap<string, string>;
}
export interface UpdatedInstanceFailure {
  readonly affected_path: string;
  readonly param_errs: readonly ParameterError[];
}
