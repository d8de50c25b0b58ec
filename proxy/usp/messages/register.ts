// Register and Deregister: between a USP Service and a Broker. Causeway is neither, and refuses both with a code; it
// must still be able to read them.

export interface RegisterRequest {
  readonly kind: 'register';
  readonly allow_partial: boolean;
  readonly reg_paths: readonly RegistrationPath[];
}
export interface RegistrationPath {
  readonly path: string;
}
export interface RegisterResp {
  readonly kind: 'register_resp';
  readonly registered_path_results: readonly RegisteredPathResult[];
}
export interface RegisteredPathResult {
  readonly requested_path: string;
  readonly oper_status: RegisterSuccess | RegisterFailure;
}
export interface RegisterSuccess {
  readonly kind: 'oper_success';
  readonly registered_path: string;
}
export interface RegisterFailure {
  readonly kind: 'oper_failure';
  readonly err_code: number;
  readonly err_msg: string;
}

export interface DeregisterRequest {
  readonly kind: 'deregister';
  readonly paths: readonly string[];
}
export interface DeregisterResp {
  readonly kind: 'deregister_resp';
  readonly deregistered_path_results: readonly DeregisteredPathResult[];
}
export interface DeregisteredPathResult {
  readonly requested_path: string;
  readonly oper_status: DeregisterSuccess | RegisterFailure;
}
export interface DeregisterSuccess {
  readonly kind: 'oper_success';
  /** A list, although its name is singular in the schema. */
  readonly deregistered_path: readonly string[];
}
