// All commands, in the order in which help shows them.
import type { Entry } from './command.ts';
import { devices } from './devices.ts';
import { doctor } from './doctor.ts';
import { enrol, enrolled, revoke } from './enrol.ts';
import { request } from './request.ts';
import { requests } from './requests.ts';
import { start } from './start.ts';
import { usp } from './usp/usp.ts';

export const COMMANDS: readonly Entry[] = [start, devices, doctor, requests, request, enrol, enrolled, revoke, usp];
