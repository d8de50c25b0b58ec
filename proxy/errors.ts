// The catalogue of what Causeway throws. Users and tests match on `code`, never on the text. Expected outcomes are
// values elsewhere; what stands here is a mistake of the operator, a dependency that is away, or a bug.

export const errorCodes = {
  CAUSEWAY_CONFIG_INVALID: 'a setting is unknown, of the wrong type or out of range',
  CAUSEWAY_CONFIG_INSECURE: 'a listener beyond loopback has no credentials, and --insecure was not given',
  CAUSEWAY_LISTEN_FAILED: 'an address could not be bound',
  CAUSEWAY_MAPPING_INVALID: 'a file under mappings/ does not follow its format',
  CAUSEWAY_STORE_LOCKED: 'another process has the data directory open',
  CAUSEWAY_STORE_CORRUPT:
    'a file of the embedded store is damaged beyond its unfinished tail, or a stored value is foreign',
  CAUSEWAY_STORE_WRITE_FAILED: 'the store could not write',
  CAUSEWAY_STORE_AWAY: 'the store does not answer',
  CAUSEWAY_STORE_TIMEOUT: 'the store did not answer in time',
  CAUSEWAY_STORE_VERSION: 'a stored value was written by a newer version of Causeway',
  CAUSEWAY_BUG: 'Causeway reached a state that it holds impossible',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Whether the store is why: it is away, cannot write, or holds what it should not. Who asked may ask again. */
export const isStoreError = (error: unknown): error is CausewayError =>
  error instanceof CausewayError && error.code.startsWith('CAUSEWAY_STORE');

export class CausewayError extends Error {
  readonly code: ErrorCode;

  /** `detail` is for a person: what happened and, where one exists, the name of the setting to change. */
  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'CausewayError';
    this.code = code;
  }
}
