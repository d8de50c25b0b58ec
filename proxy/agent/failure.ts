// Errors of whole messages, in the shapes that Add, Set and Delete share (facts: usp-agent-requirements §3, §6).
import { outerCode } from '../usp/codes.ts';
import type { ErrorMsg, ParamError, ParameterError } from '../usp/messages/error.ts';
import type { Problem } from './problem.ts';
import type { Setting } from './settings.ts';

export const errorMsg = (err_code: number, err_msg: string, param_errs: readonly ParamError[] = []): ErrorMsg => ({
  kind: 'error',
  err_code,
  err_msg,
  param_errs,
});

/** A message that fails as one: the outer code follows from the first inner one. */
export function messageFailed(errors: readonly ParamError[]): ErrorMsg {
  const first = errors[0];
  return errorMsg(outerCode(first?.err_code ?? 7000), first?.err_msg ?? 'the message failed', errors);
}

export const paramError = (param_path: string, { code, why }: Problem): ParamError => ({
  param_path,
  err_code: code,
  err_msg: why,
});

/** Full paths, for an Error. */
export const fullErrors = (settings: readonly Setting[]): readonly ParamError[] =>
  settings.flatMap(({ path, problem }) => (problem === undefined ? [] : [paramError(path, problem)]));

/** Relative names, for a Response. */
export const relativeErrors = (settings: readonly Setting[]): readonly ParameterError[] =>
  settings.flatMap(({ param, problem }) =>
    problem === undefined ? [] : [{ param, err_code: problem.code, err_msg: problem.why }],
  );

/** Required settings that failed by themselves, not because others did. */
export const failedRequired = (settings: readonly Setting[]): readonly Setting[] =>
  settings.filter(({ required, problem }) => required && problem !== undefined && problem.follows !== true);
