// Get: values of parameters, by path, object or search.

export interface GetRequest {
  readonly kind: 'get';
  readonly param_paths: readonly string[];
  /** Levels of objects to answer, the path's own being 1; 0 is all (R-GET.5). */
  readonly max_depth: number;
}
export interface GetResp {
  readonly kind: 'get_resp';
  readonly req_path_results: readonly RequestedPathResult[];
}
/** One for each of the request's paths, in its order; `err_code` 0 is success. */
export interface RequestedPathResult {
  readonly requested_path: string;
  readonly err_code: number;
  readonly err_msg: string;
  readonly resolved_path_results: readonly ResolvedPathResult[];
}
/** One for each object (R-GET.2). */
export interface ResolvedPathResult {
  readonly resolved_path: string;
  /** Names are relative to `resolved_path`. */
  readonly result_params: ReadonlyMap<string, string>;
}
