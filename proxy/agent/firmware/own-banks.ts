// FirmwareImage.{i}.Download() of a CPE that shows banks of its own. Without a CheckSum it is asked to fetch the image itself,
// as CWMP has it. CWMP has no field for one: then the gateway fetches and checks it, and the CPE loads it from the gateway's
// own file server. Which bank it takes for it, and that it runs what it has loaded, is the CPE's affair in both cases.
import type { CommandFailure } from '../../usp/messages/operate.ts';
import type { Command } from '../commands/commands.ts';
import type { DeviceOperations } from '../operations/device-operations.ts';
import { transfer } from '../operations/transfer.ts';
import { atOnce, begin, isTrue, promisedIn, refused } from './commands.ts';
import { type FirmwareTask, imageName } from './task.ts';

export const ownBankCommand: Command = async (model, command, operation, settings) => {
  const { args } = operation;
  if ((args.get('CheckSum')?.trim() ?? '') === '') return transfer(model, command, operation, settings);
  const task = await judge(args, settings.operations);
  return 'err_code' in task ? task : begin(command, operation, settings, task);
};

async function judge(
  args: ReadonlyMap<string, string>,
  operations: DeviceOperations,
): Promise<FirmwareTask | CommandFailure> {
  if (!isTrue(args.get('AutoActivate')))
    return refused('a CPE with banks of its own runs what it has loaded: CWMP can only be told AutoActivate=true');
  const promised = promisedIn(args);
  if ('err_code' in promised) return promised;
  const TransferURL = args.get('URL') ?? '';
  const forbidden = operations.firmware.refusal(TransferURL);
  if (forbidden !== undefined)
    return refused(`to check an image the gateway must fetch it itself, and may not: ${forbidden}`);
  return {
    ...{ TransferURL, ...promised, name: imageName(TransferURL) },
    // The gateway's own banks are nothing to this CPE: an image for what runs is kept in none of them.
    row: (await operations.firmware.banks()).active,
    source: 'fetch',
    image: '',
    windows: [atOnce(operations)],
    phase: { kind: 'fetch', tries: 0 },
  };
}
