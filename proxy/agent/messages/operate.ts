// Operate (R-OPR.*): a command on each object that its path resolves to. A command that fails is a result of its own,
// never an Error; only a message that cannot be read is.
import { generalise } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { codes } from '../../usp/codes.ts';
import type { ErrorMsg } from '../../usp/messages/error.ts';
import type { OperateRequest, OperateResp, OperationResult } from '../../usp/messages/operate.ts';
import { commandFailure } from '../commands/answers.ts';
import { type CommandSettings, commandFor } from '../commands/commands.ts';
import { errorMsg } from '../failure.ts';
import type { AgentModel } from '../model.ts';
import { denied } from '../permissions/denied.ts';
import { resolveObjects } from '../resolver.ts';
import { kindOf } from '../supported-check.ts';

const NOT_ALLOWED = denied('run the command');

export async function operate(
  model: AgentModel,
  request: OperateRequest,
  from_id: string,
  settings: CommandSettings,
): Promise<OperateResp | ErrorMsg> {
  const results = (operation_results: readonly OperationResult[]): OperateResp => ({
    kind: 'operate_resp',
    operation_results,
  });
  const failed = (code: number, why: string): OperateResp =>
    results([{ executed_command: request.command, operation_resp: commandFailure(code, why) }]);
  const parsed = parsePath(request.command);
  if (!parsed.ok) return errorMsg(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = parsed.path;
  if (leaf.kind !== 'command') return errorMsg(codes.invalidPath, 'the path names no command');
  // Before a row is looked for, and so before a CPE is asked.
  const general = kindOf(model.supported, segments);
  if (general.ok && general.object !== undefined && !model.rights.command(`${general.object}${leaf.name}()`).x)
    return failed(NOT_ALLOWED.code, NOT_ALLOWED.why);
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return failed(resolved.code, resolved.why);
  const { objects, searched, kind } = resolved;
  const owner = kind === undefined ? undefined : model.supported.objects.get(kind);
  if (kind !== undefined && owner?.commands.has(`${leaf.name}()`) !== true) {
    return failed(codes.invalidPath, `the model has no such command${model.limits}`);
  }
  if (objects.length === 0 && !searched) return failed(codes.objectDoesNotExist, 'no such object');
  const done: OperationResult[] = [];
  for (const object of objects) {
    const executed_command = `${object}${leaf.name}()`;
    done.push({ executed_command, operation_resp: await runOne(model, object, leaf.name, request, from_id, settings) });
  }
  return results(done);
}

async function runOne(
  model: AgentModel,
  object: string,
  name: string,
  { command_key, input_args }: OperateRequest,
  from_id: string,
  settings: CommandSettings,
): Promise<OperationResult['operation_resp']> {
  const command = model.object(object)?.commands.get(`${name}()`);
  if (command === undefined) return commandFailure(codes.invalidPath, 'the model has no such command');
  if (!model.rights.command(`${object}${name}()`).x) return commandFailure(NOT_ALLOWED.code, NOT_ALLOWED.why);
  // What is mandatory in an object or a row of arguments is so only where there is one.
  const missing = command.inputs.find(
    ({ name, mandatory }) => mandatory && !name.includes('.') && !input_args.has(name),
  );
  if (missing !== undefined)
    return commandFailure(codes.invalidCommandArguments, `the argument ${missing.name} is missing`);
  // Arguments that the command does not know are left out (R-OPR.6).
  const args = new Map(
    [...input_args].filter(([key]) => command.inputs.some((input) => input.name === generalise(key))),
  );
  const run = commandFor(object, name, command.type);
  return run(model, `${object}${name}()`, { command_key, args, from_id }, settings);
}
