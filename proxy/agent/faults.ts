// What a CWMP fault is in USP, by where it came from (facts: cwmp-usp-translation §10.1). The text always keeps the
// original, so that nothing is lost.
import type { CwmpFault } from '../rpc/fault.ts';
import { codes } from '../usp/codes.ts';
import type { ReadFailure } from '../device/read-values.ts';

/**
 * What was asked of the CPE: to read, to write a parameter of an object (`write`) or of a new row (`fill`), to make or
 * to delete a row, or to run a command.
 */
export type FaultContext = 'read' | 'write' | 'fill' | 'add' | 'delete' | 'operate';

export interface UspFault {
  readonly code: number;
  readonly text: string;
}

type Row = Readonly<Record<FaultContext, number>>;
const row = (read: number, write: number, add: number, del: number, operate: number): Row => ({
  read,
  write,
  fill: write,
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
  operationError,
} = codes;

const everywhere = (code: number): Row => row(code, code, code, code, code);
/** A fault that only commands can bring; anywhere else the CPE makes no sense. */
const ofCommand = (operate: number): Row => row(internal, internal, internal, internal, operate);

const ROWS: Readonly<Record<number, Row>> = {
  9000: row(internal, internal, nonCreatableObject, deleteFailure, commandFailure),
  9001: everywhere(denied),
  9002: everywhere(internal),
  9003: row(internal, invalidArguments, objectNotCreated, deleteFailure, invalidCommandArguments),
  9004: everywhere(exceeded),
  9005: row(invalidPath, unsupportedParameter, nonCreatableObject, objectDoesNotExist, commandFailure),
  9006: row(internal, invalidType, internal, internal, invalidCommandArguments),
  9007: row(internal, invalidValue, objectNotCreated, internal, invalidCommandArguments),
  9008: row(internal, nonWriteableParameter, nonCreatableObject, deleteFailure, commandFailure),
  9009: everywhere(internal),
  // File transfers and deployment units: 9010 to 9032.
  ...Object.fromEntries(Array.from({ length: 23 }, (_, index) => [9010 + index, ofCommand(commandFailure)])),
  9021: ofCommand(denied),
  9022: ofCommand(invalidArguments),
  // TR-181 gives these codes of its own, whose last two digits are the CWMP fault's.
  9023: ofCommand(7223),
  9025: ofCommand(7225),
  9026: ofCommand(7226),
  9027: ofCommand(7227),
  9029: ofCommand(7229),
  9031: ofCommand(invalidArguments),
  9032: ofCommand(7226),
};
/** Of the vendor, or of a version of TR-069 to come. */
const OTHER: Row = {
  ...row(internal, parameterActionFailed, objectNotCreated, deleteFailure, commandFailure),
  fill: operationError,
};

const LONGEST_TEXT = 256;
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, LONGEST_TEXT);

export function uspFault({ FaultCode, FaultString }: ReadFailure | CwmpFault, context: FaultContext): UspFault {
  const code = (ROWS[FaultCode] ?? OTHER)[context];
  if (FaultCode === 0) return { code, text: printable(FaultString) };
  return { code, text: printable(`CWMP ${FaultCode}: ${FaultString}`) };
}

/** An RPC that the CPE answered with nothing: it does not know the method (quirk 10). */
export const emptyAnswer = (method: string, context: FaultContext): UspFault =>
  uspFault({ FaultCode: 9000, FaultString: `${method} was answered with nothing` }, context);
