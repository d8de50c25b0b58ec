// ParameterKey and CommandKey of our RPCs: `1`, the request's id, two digits of the step. One form for both, at most 32
// characters (TR-069 A.3.2), so that an Inform that carries one names the exact step that the CPE executed.

const REQUEST_ID_LENGTH = 20;
const KEY = /^1[A-Z2-7]{20}[0-9]{2}$/;

/** Steps of one request that a key can name. */
export const MOST_STEPS = 99;
export const requestIdLength = REQUEST_ID_LENGTH;

/** `requestId` is 20 characters of base32, `step` counts from 1. */
export const keyOfStep = (requestId: string, step: number): string => `1${requestId}${String(step).padStart(2, '0')}`;

export const isOurKey = (key: string): boolean => KEY.test(key);
