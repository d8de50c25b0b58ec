// FirmwareImage.{i}.Download() and Activate() on the Agent's own banks: judged here, done by `Firmware` while the time goes
// by. What the gateway may fetch it fetches, so that it can be checked and kept; else the CPE fetches it, as CWMP has it.
import { faultOf } from '../../device/transfers/order.ts';
import { instanceNumbersOf, lastNameOf } from '../../path/concrete.ts';
import type { FirmwareRecord } from '../../store/firmware-steps.ts';
import { codes } from '../../usp/codes.ts';
import type { CommandFailure, OperationResult } from '../../usp/messages/operate.ts';
import { commandFailure } from '../commands/answers.ts';
import type { Command, CommandSettings, Operation } from '../commands/commands.ts';
import { type DeviceOperations, started } from '../operations/device-operations.ts';
import { isBank } from './banks.ts';
import { downloadOrder } from './order.ts';
import { BANK_TABLE } from './table.ts';
import { algorithmOf, type FirmwareTask, formatTask, imageName, isOnFirmware } from './task.ts';
import { type Window, windowsFrom } from './windows.ts';

export const isBankCommand = (command: string): boolean => command.startsWith(BANK_TABLE);

export const bankCommand: Command = async (_model, command, operation, settings) => {
  const [row] = instanceNumbersOf(command);
  if (row === undefined || !isBank(row)) return commandFailure(codes.objectDoesNotExist, 'there is no such bank');
  const { operations } = settings;
  const firmware = await operations.firmware.banks();
  const judge = lastNameOf(command) === 'Activate()' ? judgeActivate : judgeDownload;
  const task = judge(operation.args, { row, firmware, operations });
  return 'err_code' in task ? task : begin(command, operation, settings, task);
};

interface Subject {
  readonly row: FirmwareTask['row'];
  readonly firmware: FirmwareRecord;
  readonly operations: DeviceOperations;
}
export type Judged = FirmwareTask | CommandFailure;

/** How long a begun operation waits for its first look, should the bell be lost. */
const FIRST_LOOK_MS = 5000;

/** Begins the task, unless another image is on its way to the device. */
export async function begin(
  command: string,
  { args, command_key, from_id }: Operation,
  { operations }: CommandSettings,
  task: FirmwareTask,
): Promise<OperationResult['operation_resp']> {
  const input = { Username: args.get('Username') ?? '', Password: args.get('Password') ?? '' };
  const detail = JSON.parse(formatTask(task)) as FirmwareTask;
  const dueAt = operations.now() + FIRST_LOOK_MS;
  const begun = await operations.begin({
    kind: 'firmware',
    ...{ command, command_key, from_id, dueAt, detail, input },
    status: 'Active',
  });
  if (!begun.ok) return begun.failure;
  const { number } = begun.operation;
  const others = (await operations.list()).filter((one) => isOnFirmware(one) && one.number !== number);
  if (others.length > 0) {
    await operations.drop(begun.operation);
    return commandFailure(codes.resourcesExceeded, 'another image is on its way: one at a time');
  }
  await operations.firmware.ring();
  return started(begun.operation);
}

export const isTrue = (value: string | undefined): boolean => value?.trim() === 'true' || value?.trim() === '1';
export const refused = (why: string): CommandFailure => commandFailure(codes.invalidArguments, why);

/** For as long as a transfer may take. */
export function atOnce(operations: Pick<DeviceOperations, 'now' | 'transferKeepMs'>): Window {
  const now = operations.now();
  return { start: now, end: now + operations.transferKeepMs, retries: 0 };
}

/** What the arguments say of the image, or why they cannot. */
export function promisedIn(
  args: ReadonlyMap<string, string>,
): Pick<FirmwareTask, 'FileSize' | 'CheckSumAlgorithm' | 'CheckSum'> | CommandFailure {
  const [CheckSumAlgorithm, CheckSum] = [args.get('CheckSumAlgorithm') ?? '', args.get('CheckSum')?.trim() ?? ''];
  const FileSize = Number(args.get('FileSize') ?? 0);
  if (!Number.isSafeInteger(FileSize) || FileSize < 0) return refused('FileSize is a number of bytes');
  if (CheckSum !== '' && algorithmOf(CheckSumAlgorithm) === undefined)
    return refused('CheckSumAlgorithm is one of SHA-1, SHA-224, SHA-256, SHA-384, SHA-512');
  return { FileSize, CheckSumAlgorithm, CheckSum };
}

function judgeDownload(args: ReadonlyMap<string, string>, { row, firmware, operations }: Subject): Judged {
  const URL = args.get('URL') ?? '';
  const activates = isTrue(args.get('AutoActivate'));
  const promised = promisedIn(args);
  if ('err_code' in promised) return promised;
  const { FileSize, CheckSum } = promised;
  if (row === firmware.active && !activates)
    return refused('the device runs this bank: only with AutoActivate=true an image can be loaded over it');
  const forbidden = operations.firmware.refusal(URL);
  const isDirect = forbidden !== undefined && activates && CheckSum === '';
  if (forbidden !== undefined && !isDirect)
    return refused(`to check an image or to keep it the gateway must fetch it itself, and may not: ${forbidden}`);
  const now = operations.now();
  const task: FirmwareTask = {
    ...{ TransferURL: URL, ...promised, row, name: imageName(URL) },
    source: isDirect ? 'direct' : 'fetch',
    image: '',
    windows: activates ? [atOnce(operations)] : [],
    phase: isDirect ? { kind: 'wait', index: 0, tries: 0, at: now, failure: '' } : { kind: 'fetch', tries: 0 },
  };
  const secrets = { Username: args.get('Username') ?? '', Password: args.get('Password') ?? '' };
  const fault = faultOf(downloadOrder(URL, FileSize), secrets, operations.transferKeepMs);
  return fault !== undefined && isDirect ? refused(fault) : task;
}

function judgeActivate(args: ReadonlyMap<string, string>, { row, firmware, operations }: Subject): Judged {
  const { active, bank } = firmware;
  if (row === active) return commandFailure(codes.requestDenied, 'the device runs this bank already');
  if (bank.blob === '') return commandFailure(codes.requestDenied, `there is no image in this bank (${bank.status})`);
  const windows = windowsFrom(args, operations.now(), operations.transferKeepMs);
  if (!windows.ok)
    return commandFailure(windows.missing ? codes.invalidCommandArguments : codes.invalidArguments, windows.why);
  const at = windows.windows[0]?.start ?? operations.now();
  return {
    ...{ TransferURL: '', FileSize: 0, CheckSumAlgorithm: '', CheckSum: '', row, name: bank.name },
    source: 'bank',
    image: bank.blob,
    windows: windows.windows,
    phase: { kind: 'wait', index: 0, tries: 0, at, failure: '' },
  };
}
