// Commands that are transfers in CWMP: Download, Upload and ChangeDUState (facts: cwmp-usp-translation §6.1, §8). What ends
// the transfer ends the command.
import { faultOf, type TransferOrder, type TransferSecrets } from '../../device/transfers/order.ts';
import { generalise, instanceNumbersOf, parentOf } from '../../path/concrete.ts';
import { codes } from '../../usp/codes.ts';
import { commandFailure } from '../commands/answers.ts';
import type { Command } from '../commands/commands.ts';
import type { AgentModel } from '../model.ts';
import { started } from './device-operations.ts';

type Args = ReadonlyMap<string, string>;
/** What the CPE is asked for, or why it cannot be asked for that. */
type Wish = TransferOrder | { readonly refused: string };
type ToOrder = (
  args: Args,
  row: { readonly number: number; readonly read: (name: string) => Promise<string> },
) => Promise<Wish>;

const refused = (why: string): Wish => ({ refused: why });
const urlOf = (args: Args): string => args.get('URL') ?? '';
const isTrue = (value: string | undefined): boolean => value?.trim() === 'true' || value?.trim() === '1';
const NO_CHECK = 'a CPE that speaks CWMP cannot check a file against a checksum';

const download =
  (FileType: string): ToOrder =>
  async (args) => {
    if ((args.get('CheckSum') ?? '') !== '' || (args.get('CheckSumAlgorithm') ?? '') !== '') return refused(NO_CHECK);
    return {
      kind: 'download',
      FileType,
      URL: urlOf(args),
      FileSize: Number(args.get('FileSize') ?? 0),
      TargetFileName: args.get('TargetFileName') ?? '',
      DelaySeconds: 0,
      SuccessURL: '',
      FailureURL: '',
    };
  };

/** CWMP 1.2 has a FileType that names the row (A.3.2.8, "3 Vendor Configuration File <i>"). */
const upload =
  (FileType: string): ToOrder =>
  async (args, { number }) => ({
    kind: 'upload',
    FileType: `${FileType} ${number}`,
    URL: urlOf(args),
    DelaySeconds: 0,
  });

const firmware: ToOrder = async (args, row) =>
  isTrue(args.get('AutoActivate'))
    ? download('1 Firmware Upgrade Image')(args, row)
    : refused('a CPE with banks of its own runs what it has loaded: CWMP can only be told AutoActivate=true');

/** What a ChangeDUState has no field for, and what may be said of it all the same. */
const UNIT_ARGUMENTS = new Set(['URL', 'UUID', 'Username', 'Password', 'ExecutionEnvRef']);
const IGNORED = new Set(['RetainData', 'Privileged', 'NumRequiredUIDs', 'ShutdownDelay']);
function unitProblem(args: Args): string | undefined {
  if (isTrue(args.get('RetainData'))) return 'CWMP has no way to retain data';
  const strange = [...args.keys()].find((name) => !UNIT_ARGUMENTS.has(name) && !IGNORED.has(name));
  return strange === undefined ? undefined : `CWMP has no field for ${strange}`;
}

const unit =
  (Operation: 'Install' | 'Update' | 'Uninstall'): ToOrder =>
  async (args, row) => {
    const problem = unitProblem(args);
    if (problem !== undefined) return refused(problem);
    const ofRow = async (name: string): Promise<string> => (Operation === 'Install' ? '' : row.read(name));
    const environment = (args.get('ExecutionEnvRef') ?? '').replace(/\.$/, '');
    return {
      kind: 'change-du-state',
      Operation,
      URL: urlOf(args),
      UUID: args.get('UUID') ?? (await ofRow('UUID')),
      Version: await ofRow('Version'),
      ExecutionEnvRef: environment === '' && Operation === 'Uninstall' ? await ofRow('ExecutionEnvRef') : environment,
    };
  };

const INFO = 'Device.DeviceInfo.';
const MODULES = 'Device.SoftwareModules.';
const ORDERS: ReadonlyMap<string, ToOrder> = new Map([
  [`${INFO}FirmwareImage.{i}.Download()`, firmware],
  [`${INFO}VendorConfigFile.{i}.Backup()`, upload('3 Vendor Configuration File')],
  [`${INFO}VendorConfigFile.{i}.Restore()`, download('3 Vendor Configuration File')],
  [`${INFO}VendorLogFile.{i}.Upload()`, upload('4 Vendor Log File')],
  [`${MODULES}InstallDU()`, unit('Install')],
  [`${MODULES}DeploymentUnit.{i}.Update()`, unit('Update')],
  [`${MODULES}DeploymentUnit.{i}.Uninstall()`, unit('Uninstall')],
]);

export const isTransfer = (path: string): boolean => ORDERS.has(generalise(path));

export const transfer: Command = async (model, command, { command_key, args, from_id }, { operations }) => {
  const toOrder = ORDERS.get(generalise(command));
  if (toOrder === undefined) return commandFailure(codes.invalidPath, 'the model has no such command');
  const read = (name: string): Promise<string> => valueOf(model, parentOf(command) + name);
  const order = await toOrder(args, { number: instanceNumbersOf(command).at(-1) ?? 0, read });
  if ('refused' in order) return commandFailure(codes.invalidArguments, order.refused);
  const secrets: TransferSecrets = { Username: args.get('Username') ?? '', Password: args.get('Password') ?? '' };
  const fault = faultOf(order, secrets, operations.transferKeepMs);
  if (fault !== undefined) return commandFailure(codes.invalidArguments, fault);
  const begun = await operations.beginTransfer({ command, command_key, from_id }, order, secrets);
  return begun.ok ? started(begun.operation) : begun.failure;
};

async function valueOf(model: AgentModel, path: string): Promise<string> {
  const value = (await model.read([path])).get(path);
  return value?.kind === 'value' ? value.value : '';
}
