// USP's error codes: TR-369 "Error Codes" and "USP Record Errors", and 7032 to 7037 of TR-181's DUStateChange!.
import type { RequestKind } from './msg.ts';

export const codes = {
  messageFailed: 7000,
  messageNotSupported: 7001,
  requestDenied: 7002,
  internalError: 7003,
  invalidArguments: 7004,
  resourcesExceeded: 7005,
  permissionDenied: 7006,
  invalidConfiguration: 7007,
  invalidPathSyntax: 7008,
  parameterActionFailed: 7009,
  unsupportedParameter: 7010,
  invalidType: 7011,
  invalidValue: 7012,
  nonWriteableParameter: 7013,
  valueConflict: 7014,
  operationError: 7015,
  objectDoesNotExist: 7016,
  objectNotCreated: 7017,
  objectIsNotTable: 7018,
  nonCreatableObject: 7019,
  objectNotUpdated: 7020,
  requiredParameterFailed: 7021,
  commandFailure: 7022,
  commandCanceled: 7023,
  deleteFailure: 7024,
  duplicateKey: 7025,
  invalidPath: 7026,
  invalidCommandArguments: 7027,
  registerFailure: 7028,
  alreadyInUse: 7029,
  deregisterFailure: 7030,
  registeredByOther: 7031,
  unavailableRole: 7032,
  serverUnreachable: 7033,
  serverInsecure: 7034,
  corruptData: 7035,
  badSignature: 7036,
  unavailableUserRole: 7037,
  recordNotParsed: 7100,
  secureSessionRequired: 7101,
  secureSessionNotSupported: 7102,
  segmentationNotSupported: 7103,
  invalidRecordValue: 7104,
  sessionContextTerminated: 7105,
  sessionContextNotAllowed: 7106,
} as const;
export type CodeName = keyof typeof codes;
export type UspCode = (typeof codes)[CodeName];

const nameOfCode = new Map<number, string>(
  Object.entries(codes).map(([name, code]) => [code, name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)]),
);

/** A code in words, for an err_msg that has no better text: `object is not table`. */
export function codeText(code: number): string {
  const name = nameOfCode.get(code);
  if (name !== undefined) return name;
  if (isDataModelCode(code)) return 'error defined by the data model';
  return isVendorCode(code) ? 'error defined by the vendor' : 'unknown error';
}

/** Codes whose meaning TR-181 gives; it uses some in DUStateChange!. */
export const isDataModelCode = (code: number): boolean => code >= 7200 && code <= 7299;
export const isVendorCode = (code: number): boolean => code >= 7800 && code <= 7999;

/** 7000 to `last`, and single codes beyond. */
const upTo = (last: number, ...more: readonly number[]): ReadonlySet<number> =>
  new Set([...Array.from({ length: last - 6999 }, (_, index) => 7000 + index), ...more]);

/** The codes that TR-369 calls appropriate for each message; 7025 for Add and Set follows from what it means. */
const codesOfMessage: Readonly<Record<RequestKind, ReadonlySet<number>>> = {
  get: upTo(7006, 7008, 7010, 7016, 7026),
  get_instances: upTo(7006, 7008, 7016, 7018, 7026),
  get_supported_dm: upTo(7006, 7008, 7016, 7026),
  get_supported_protocol: upTo(7006),
  add: upTo(7019, 7021, 7025, 7026),
  set: upTo(7016, 7020, 7021, 7025, 7026),
  delete: upTo(7008, 7015, 7016, 7018, 7024, 7026),
  operate: upTo(7008, 7016, 7022, 7023, 7026, 7027),
  notify: upTo(7006),
  register: upTo(7008, 7016, 7028, 7029),
  deregister: upTo(7008, 7016, 7030, 7031),
};

/** Whether a code may stand in the answer to a message, in any of its places. */
export function isAppropriate(code: number, request: RequestKind): boolean {
  return codesOfMessage[request].has(code) || isDataModelCode(code) || isVendorCode(code);
}

/** Inner codes that only say "your request is wrong". */
const argumentCodes: ReadonlySet<number> = new Set([
  ...[7004, 7008, 7010, 7011, 7012, 7013, 7014],
  ...[7016, 7017, 7018, 7019, 7020, 7021, 7024, 7025, 7026],
]);

/**
 * The err_code of an Error message whose cause, in its param_errs, has the code `inner`: 7004 for what is wrong with the
 * request, the code itself otherwise, so that a refused permission stays a 7006 (TP-469 2.12, 2.14, 2.16, 2.24).
 */
export function outerCode(inner: number): number {
  return argumentCodes.has(inner) ? codes.invalidArguments : inner;
}
