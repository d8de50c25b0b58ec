// The answer to a request that failed as a whole (TR-369 "Error Codes").

export interface ErrorMsg {
  readonly kind: 'error';
  readonly err_code: number;
  readonly err_msg: string;
  /** Only for Add, Set and Delete with allow_partial=false; full paths here, relative names in a ParameterError. */
  readonly param_errs: readonly ParamError[];
}
export interface ParamError {
  readonly param_path: string;
  readonly err_code: number;
  readonly err_msg: string;
}

/** One parameter of an Add or a Set that could not be written, where the object itself could. */
export interface ParameterError {
  /** Relative to the object: `Alias`. */
  readonly param: string;
  readonly err_code: number;
  readonly err_msg: string;
}
