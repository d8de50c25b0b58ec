// Delete: rows, by instance or search path.

export interface DeleteRequest {
  readonly kind: 'delete';
  /** False makes the whole message one. */
  readonly allow_partial: boolean;
  readonly obj_paths: readonly string[];
}

export interface DeleteResp {
  readonly kind: 'delete_resp';
  readonly deleted_obj_results: readonly DeletedObjectResult[];
}
export interface DeletedObjectResult {
  readonly requested_path: string;
  readonly oper_status: DeleteSuccess | DeleteFailure;
}
export interface DeleteSuccess {
  readonly kind: 'oper_success';
  readonly affected_paths: readonly string[];
  readonly unaffected_path_errs: readonly UnaffectedPathError[];
}
export interface DeleteFailure {
  readonly kind: 'oper_failure';
  readonly err_code: number;
  readonly err_msg: string;
}
export interface UnaffectedPathError {
  readonly unaffected_path: string;
  readonly err_code: number;
  readonly err_msg: string;
}
