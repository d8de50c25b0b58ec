// What a Controller without a right is told.
import { codes } from '../../usp/codes.ts';
import { errorMsg } from '../failure.ts';
import type { Problem } from '../problem.ts';

export const denied = (what: string): Problem => ({ code: codes.permissionDenied, why: `no permission to ${what}` });

/** Its row is switched off, or deleted, or its role is banned. */
export const NOT_SERVED = errorMsg(codes.permissionDenied, 'this Agent does not serve this Controller');
