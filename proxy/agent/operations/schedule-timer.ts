// Device.ScheduleTimer(): the Agent's own, whatever the CPE is. It is due work, so it outlives restarts of every node and
// of the CPE, as the standard asks of it.
import type { SupportedCommand } from '../../mapping/supported.ts';
import { codes } from '../../usp/codes.ts';
import { commandFailure } from '../commands/answers.ts';
import type { Command } from '../commands/commands.ts';
import { started } from './device-operations.ts';

export const SCHEDULE_TIMER_PATH = 'Device.ScheduleTimer()';
export const SCHEDULE_TIMER: SupportedCommand = {
  name: 'ScheduleTimer()',
  type: 'ASYNC',
  inputs: [{ name: 'DelaySeconds', mandatory: true }],
  outputs: [],
};

const LARGEST = 2 ** 32 - 1;

export const scheduleTimer: Command = async (_model, command, { command_key, args, from_id }, { operations }) => {
  const given = args.get('DelaySeconds')?.trim() ?? '';
  const seconds = /^[0-9]+$/.test(given) ? Number(given) : 0;
  if (seconds < 1 || seconds > LARGEST) {
    return commandFailure(codes.invalidCommandArguments, 'DelaySeconds is a whole number of seconds, 1 or more');
  }
  const dueAt = operations.now() + seconds * 1000;
  const begun = await operations.begin({ kind: 'timer', command, command_key, from_id, status: 'Active', dueAt });
  return begun.ok ? started(begun.operation) : begun.failure;
};
