// How a command ends: its exit code, or a failure that the entry prints. Scripts match on the codes; they never change.

export const EXIT = {
  /** Everything asked for was done. */
  ok: 0,
  /** The Agent refused or could not do some of it; or, for doctor, the device cannot be reached. */
  partly: 1,
  /** The command line is wrong, or names no device. */
  usage: 2,
  /** The gateway could not be reached, or did not answer in time. */
  unreachable: 3,
  /** The gateway did not let us in. */
  refused: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, 'all went well'],
  [EXIT.partly, 'some path, row or command failed (doctor: the device cannot be reached)'],
  [EXIT.usage, 'wrong command line, or no such device'],
  [EXIT.unreachable, 'the gateway could not be reached, or did not answer in time'],
  [EXIT.refused, 'the gateway refused: a token is missing or wrong'],
];

export interface Failure {
  readonly ok: false;
  readonly exit: ExitCode;
  /** For a person; several lines are allowed, secrets are not. */
  readonly message: string;
}
export type Result<T> = { readonly ok: true; readonly value: T } | Failure;

export const success = <T>(value: T): Result<T> => ({ ok: true, value });
export const failure = (exit: ExitCode, message: string): Failure => ({ ok: false, exit, message });
export const misused = (message: string): Failure => failure(EXIT.usage, message);
