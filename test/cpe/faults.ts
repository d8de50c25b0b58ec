// The faults of a CPE (TR-069 A.5.1): code, which side is to blame, and a text.

/** `Client`: the request is wrong. `Server`: this device cannot, or will not. */
type Blame = 'Client' | 'Server';

const CATALOGUE: Readonly<Record<number, readonly [Blame, string]>> = {
  9000: ['Server', 'Method not supported'],
  9001: ['Server', 'Request denied'],
  9002: ['Server', 'Internal error'],
  9003: ['Client', 'Invalid arguments'],
  9004: ['Server', 'Resources exceeded'],
  9005: ['Client', 'Invalid parameter name'],
  9006: ['Client', 'Invalid parameter type'],
  9007: ['Client', 'Invalid parameter value'],
  9008: ['Client', 'Attempt to set a non-writable parameter'],
  9009: ['Server', 'Notification request rejected'],
  9010: ['Server', 'Download failure'],
  9011: ['Server', 'Upload failure'],
  9012: ['Server', 'File transfer server authentication failure'],
  9013: ['Server', 'Unsupported protocol for file transfer'],
  9014: ['Server', 'Download failure: unable to join multicast group'],
  9015: ['Server', 'Download failure: unable to contact file server'],
  9016: ['Server', 'Download failure: unable to access file'],
  9017: ['Server', 'Download failure: unable to complete download'],
  9018: ['Server', 'Download failure: file corrupted'],
  9019: ['Server', 'Download failure: file authentication failure'],
  9020: ['Client', 'Download failure: unable to complete download within specified time windows'],
  9021: ['Client', 'Cancelation of file transfer not permitted in current transfer state'],
};

export interface ParameterFault {
  readonly name: string;
  readonly code: number;
  readonly text: string;
}

export interface Fault {
  readonly kind: 'fault';
  readonly code: number;
  readonly text: string;
  /** SetParameterValuesFault, one for each parameter in error. */
  readonly parameters: readonly ParameterFault[];
}

export const faultText = (code: number): string => CATALOGUE[code]?.[1] ?? 'Vendor fault';
export const blameOf = (code: number): Blame => CATALOGUE[code]?.[0] ?? 'Server';

export const fault = (code: number, detail?: string, parameters: readonly ParameterFault[] = []): Fault => ({
  kind: 'fault',
  code,
  text: detail === undefined ? faultText(code) : `${faultText(code)}: ${detail}`,
  parameters,
});

export const parameterFault = (name: string, code: number): ParameterFault => ({ name, code, text: faultText(code) });
