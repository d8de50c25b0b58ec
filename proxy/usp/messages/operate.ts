// Operate: a command on each object that its path resolves to.

export interface OperateRequest {
  readonly kind: 'operate';
  readonly command: string;
  /** The Controller's own mark; it comes back in OperationComplete. */
  readonly command_key: string;
  /** False asks for no OperateResp on success (R-OPR.4). */
  readonly send_resp: boolean;
  readonly input_args: ReadonlyMap<string, string>;
}

export interface OperateResp {
  readonly kind: 'operate_resp';
  readonly operation_results: readonly OperationResult[];
}
export interface OperationResult {
  /** With instance numbers: `Device.IP.Interface.1.Reset()`. */
  readonly executed_command: string;
  readonly operation_resp: StartedOperation | OutputArgs | CommandFailure;
}
/** Asynchronous: the row of Device.LocalAgent.Request. in which the work goes on. */
export interface StartedOperation {
  readonly kind: 'req_obj_path';
  readonly req_obj_path: string;
}
export interface OutputArgs {
  readonly kind: 'req_output_args';
  readonly output_args: ReadonlyMap<string, string>;
}
export interface CommandFailure {
  readonly kind: 'cmd_failure';
  readonly err_code: number;
  readonly err_msg: string;
}
