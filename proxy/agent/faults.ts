// What a CWMP fault is in USP, by where it came from (facts: cwmp-usp-translation §10.1). The text always keeps the
// original, so that nothing is lost.
import type { CwmpFault } from '../rpc/fault.ts';
import { codes } from '../usp/codes.ts';
import type { ReadFailure } from '../device/read-values.ts';

export type FaultContext = 'read' | 'write' | 'add' | 'delete' | 'operate';

export interface UspFault {
  readonly code: number;
  readonly text: string;
}

type Row = Readonly<Record<FaultContext, number>>;
const row = (read: number, write: number, add: number, del: number, operate: number): Row => ({
  read,
  write,
  add,
  delete: del,
  operate,
});

const {
  requestDenied: denied,
  internalError: internal,
  resourcesExceeded: exceeded,
  invalidArguments,
  objectNotCreated,
  nonCreatableObject,
  deleteFailure,
  commandFailure,
  invalidCommandArguments,
  invalidPath,
  unsupportedParameter,
  objectDoesNotExist,
  invalidType,
  invalidValue,
  nonWriteableParameter,
  parameterActionFailed,
} = codes;

const ROWS: Readonly<Record<number, Row>> = {
  9000: row(internal, internal, nonCreatableObject, deleteFailure, commandFailure),
  9001: row(denied, denied, denied, denied, denied),
  9002: row(internal, internal, internal, internal, internal),
  9003: row(internal, invalidArguments, objectNotCreated, deleteFailure, invalidCommandArguments),
  9004: row(exceeded, exceeded, exceeded, exceeded, exceeded),
  9005: row(invalidPath, unsupportedParameter, nonCreatableObject, objectDoesNotExist, commandFailure),
  9006: row(internal, invalidType, internal, internal, invalidCommandArguments),
  9007: row(internal, invalidValue, objectNotCreated, internal, invalidCommandArguments),
  9008: row(internal, nonWriteableParameter, nonCreatableObject, deleteFailure, commandFailure),
};
const VENDOR = row(internal, parameterActionFailed, objectNotCreated, deleteFailure, commandFailure);

const LONGEST_TEXT = 256;
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, LONGEST_TEXT);

export function uspFault({ FaultCode, FaultString }: ReadFailure | CwmpFault, context: FaultContext): UspFault {
  const code = (ROWS[FaultCode] ?? VENDOR)[context];
  if (FaultCode === 0) return { code, text: printable(FaultString) };
  return { code, text: printable(`CWMP ${FaultCode}: ${FaultString}`) };
}

/** An RPC that the CPE answered with nothing: it does not know the method (quirk 10). */
export const emptyAnswer = (method: string, context: FaultContext): UspFault =>
  uspFault({ FaultCode: 9000, FaultString: `${method} was answered with nothing` }, context);
