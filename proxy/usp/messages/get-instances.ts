// GetInstances: the rows of tables and the unique keys of each.

export interface GetInstancesRequest {
  readonly kind: 'get_instances';
  readonly obj_paths: readonly string[];
  /** False also answers the rows of the tables inside. */
  readonly first_level_only: boolean;
}
export interface GetInstancesResp {
  readonly kind: 'get_instances_resp';
  readonly req_path_results: readonly RequestedInstancesResult[];
}
/** One for each of the request's paths, in its order; `err_code` 0 is success. */
export interface RequestedInstancesResult {
  readonly requested_path: string;
  readonly err_code: number;
  readonly err_msg: string;
  readonly curr_insts: readonly CurrInstance[];
}
export interface CurrInstance {
  readonly instantiated_obj_path: string;
  readonly unique_keys: ReadonlyMap<string, string>;
}
