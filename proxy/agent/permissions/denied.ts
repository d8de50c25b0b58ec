// What a Controller without a right is told.
import { codes } from '../../usp/codes.ts';
import type { Problem } from '../problem.ts';

export const denied = (what: string): Problem => ({ code: codes.permissionDenied, why: `no permission to ${what}` });
