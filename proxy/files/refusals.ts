// Everything that is refused here: by its reason, which is counted and told, the status that says so.
import type { PutRefusal } from '../store/blobs/blobs.ts';
import type { GrantRefusal } from './grants.ts';

export type Refusal =
  | GrantRefusal
  | PutRefusal
  | 'no-file'
  | 'method'
  | 'range'
  | 'changed'
  | 'multipart'
  | 'content-encoding'
  | 'no-length'
  | 'empty'
  | 'transfers-full'
  | 'grant-busy'
  | 'store-away'
  | 'internal';

export const STATUS: Readonly<Record<Refusal, number>> = {
  'no-token': 404,
  'wrong-token': 403,
  'no-grant': 404,
  expired: 410,
  'used-up': 410,
  'worn-out': 410,
  'no-credentials': 401,
  'wrong-credentials': 401,
  'no-file': 404,
  method: 405,
  range: 416,
  changed: 412,
  multipart: 415,
  'content-encoding': 415,
  'no-length': 411,
  empty: 400,
  'file-too-large': 413,
  'total-full': 507,
  'too-many-files': 507,
  'disk-full': 507,
  'transfers-full': 503,
  'grant-busy': 503,
  'store-away': 503,
  internal: 500,
};
