// CWMP faults (TR-069 A.5): what an RPC is answered with when it cannot be done.
import { repeated, string, struct, text, unsignedInt, type ValuesOf } from './field.ts';

/** Why one parameter of a SetParameterValues was not taken. */
export const SetParameterValuesFaultStruct = struct('SetParameterValuesFault', {
  ParameterName: string(),
  FaultCode: unsignedInt,
  FaultString: text(),
});
export type SetParameterValuesFault = ValuesOf<typeof SetParameterValuesFaultStruct.fields>;

export interface CwmpFault {
  /** 0 when a CPE sent a bare SOAP fault, without a code of CWMP's. */
  readonly FaultCode: number;
  readonly FaultString: string;
  /** Often incomplete or absent (quirk 20): what is not listed here may still have been refused. */
  readonly SetParameterValuesFault: readonly SetParameterValuesFault[];
}

/** A fault's elements in their order; a CPE's may come in other shapes. */
export const faultFields = {
  FaultCode: unsignedInt,
  FaultString: text(),
  SetParameterValuesFault: repeated(SetParameterValuesFaultStruct),
} as const;

/** A.5.1: codes of a CPE. 9033 to 9799 are kept for later, 9800 to 9899 are vendors' own. */
export const CPE_FAULTS = {
  9000: 'Method not supported',
  9001: 'Request denied',
  9002: 'Internal error',
  9003: 'Invalid arguments',
  9004: 'Resources exceeded',
  9005: 'Invalid parameter name',
  9006: 'Invalid parameter type',
  9007: 'Invalid parameter value',
  9008: 'Parameter not writable',
  9009: 'Notification request rejected',
  9010: 'File transfer failure',
  9011: 'Upload failure',
  9012: 'File server authentication failure',
  9013: 'File transfer protocol not supported',
  9014: 'Multicast group cannot be joined',
  9015: 'File server cannot be contacted',
  9016: 'File cannot be accessed',
  9017: 'Download cannot be completed',
  9018: 'File corrupted',
  9019: 'File authentication failure',
  9020: 'Download not completed within the time windows',
  9021: 'Cancelation of file transfer not permitted',
  9022: 'Invalid UUID format',
  9023: 'Unknown execution environment',
  9024: 'Disabled execution environment',
  9025: 'Deployment unit does not fit the execution environment',
  9026: 'Duplicate deployment unit',
  9027: 'System resources exceeded',
  9028: 'Unknown deployment unit',
  9029: 'Invalid deployment unit state',
  9030: 'Downgrade of deployment unit not permitted',
  9031: 'Deployment unit version not specified',
  9032: 'Deployment unit version already exists',
} as const satisfies Readonly<Record<number, string>>;

/** A.5.2: codes of an ACS; 8800 to 8899 are vendors' own. */
export const ACS_FAULTS = {
  8000: 'Method not supported',
  8001: 'Request denied',
  8002: 'Internal error',
  8003: 'Invalid arguments',
  8004: 'Resources exceeded',
  8005: 'Retry request',
  8006: 'CWMP version of the CPE not supported',
} as const satisfies Readonly<Record<number, string>>;

const NAMES: Readonly<Record<number, string | undefined>> = { ...CPE_FAULTS, ...ACS_FAULTS };
const CLIENT_CODES: ReadonlySet<number> = new Set([8003, 9003, 9005, 9006, 9007, 9008]);

/** What a code stands for; undefined for a vendor's and for a number that is none. */
export const faultName = (code: number): string | undefined => NAMES[code];
/** SOAP's faultcode for a CWMP code: `Client` when the request was wrong and stays so, else `Server`. */
export const faultSide = (code: number): 'Client' | 'Server' => (CLIENT_CODES.has(code) ? 'Client' : 'Server');
