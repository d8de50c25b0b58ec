// Which code runs a command: an RPC of its own, the parameter that it is in CWMP, or an object of LocalAgent.
import type { OperationResult } from '../../usp/messages/operate.ts';
import type { SupportedCommand } from '../../mapping/supported.ts';
import type { ChallengeEffects } from '../local-agent/definition.ts';
import { isLocal } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import type { DeviceOperations } from '../operations/device-operations.ts';
import { diagnostic } from '../operations/diagnostic.ts';
import { isTransfer, transfer } from '../operations/transfer.ts';
import { SCHEDULE_TIMER_PATH, scheduleTimer } from '../operations/schedule-timer.ts';
import { bankCommand, isBankCommand } from '../firmware/commands.ts';
import { hasOurBanks } from '../firmware/bank-view.ts';
import { ownBankCommand } from '../firmware/own-banks.ts';
import { factoryReset } from './factory-reset.ts';
import { localCommand } from './local.ts';
import { reboot } from './reboot.ts';
import { trigger } from './trigger.ts';

export interface CommandSettings {
  readonly rebootGraceMs: number;
  readonly operations: DeviceOperations;
  readonly challenges: ChallengeEffects;
}
/** What a command is told by the Controller. */
export interface Operation {
  readonly command_key: string;
  readonly args: ReadonlyMap<string, string>;
  /** Endpoint ID of the Controller. */
  readonly from_id: string;
}
/** Runs a command on one object; `path` is the concrete command path. */
export type Command = (
  model: AgentModel,
  path: string,
  operation: Operation,
  settings: CommandSettings,
) => Promise<OperationResult['operation_resp']>;

const BY_PATH: ReadonlyMap<string, Command> = new Map([
  ['Device.Reboot()', reboot],
  ['Device.FactoryReset()', factoryReset],
  [SCHEDULE_TIMER_PATH, scheduleTimer],
]);

export const commandFor = (object: string, name: string, type: SupportedCommand['type']): Command =>
  isLocal(object) ? localCommand : (BY_PATH.get(`${object}${name}()`) ?? commandOfCpe(`${object}${name}()`, type));

function commandOfCpe(path: string, type: SupportedCommand['type']): Command {
  if (type === 'SYNC') return trigger;
  if (isBankCommand(path)) return ofBanks;
  return isTransfer(path) ? transfer : diagnostic;
}

const ofBanks: Command = (model, path, operation, settings) =>
  (hasOurBanks(model.cpe?.view) ? bankCommand : ownBankCommand)(model, path, operation, settings);
