// Every case, by the part of the plan that it belongs to.
import type { Case } from './case.ts';
import { ACCESS } from './cases/access.ts';
import { ADD } from './cases/add.ts';
import { CPE_EVENTS } from './cases/cpe-events.ts';
import { CPE_OPERATIONS } from './cases/cpe-operations.ts';
import { CPE_ROWS } from './cases/cpe-rows.ts';
import { DELETE } from './cases/delete.ts';
import { DIALLED } from './cases/dialled.ts';
import { FIRMWARE } from './cases/firmware.ts';
import { FUNCTIONALITY } from './cases/functionality.ts';
import { GET_INSTANCES } from './cases/get-instances.ts';
import { GET_SUPPORTED_DM } from './cases/get-supported-dm.ts';
import { GET } from './cases/get.ts';
import { NOTIFY } from './cases/notify.ts';
import { OPERATE } from './cases/operate.ts';
import { RECORDS } from './cases/records.ts';
import { SESSIONS } from './cases/sessions.ts';
import { SET } from './cases/set.ts';
import { WEBSOCKET } from './cases/websocket.ts';

export const ALL_CASES: readonly Case[] = [
  ...[ADD, SET, DELETE, GET, GET_INSTANCES, GET_SUPPORTED_DM, NOTIFY, OPERATE],
  ...[ACCESS, RECORDS, SESSIONS, WEBSOCKET, DIALLED, FUNCTIONALITY, FIRMWARE],
  ...[CPE_ROWS, CPE_EVENTS, CPE_OPERATIONS],
].flat();

/** Cases that want a process to kill, or the like: their tests lie elsewhere. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'CV-ADD-4': 'test/process/kill-journal.test.ts',
};
