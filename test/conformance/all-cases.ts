// Every case, by the part of the plan that it belongs to.
import type { Case } from './case.ts';
import { ADD } from './cases/add.ts';
import { DELETE } from './cases/delete.ts';
import { GET_INSTANCES } from './cases/get-instances.ts';
import { GET_SUPPORTED_DM } from './cases/get-supported-dm.ts';
import { GET } from './cases/get.ts';
import { SET } from './cases/set.ts';

export const ALL_CASES: readonly Case[] = [...ADD, ...SET, ...DELETE, ...GET, ...GET_INSTANCES, ...GET_SUPPORTED_DM];
