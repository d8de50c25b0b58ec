// Every request by its kind: what it needs, and which file answers it.
import type { SupportedModel } from '../../mapping/supported.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject, formatPath } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { UspBody } from '../../usp/msg.ts';
import type { CommandSettings } from '../commands/commands.ts';
import { errorMsg } from '../failure.ts';
import { controllerNumber } from '../local-agent/controller/controller.ts';
import { CONTROLLER_TABLE } from '../local-agent/controller/controller-table.ts';
import { isLocal, LOCAL_ROOT } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import { SCHEDULE_TIMER_PATH } from '../operations/schedule-timer.ts';
import { shownModel } from '../permissions/shown-model.ts';
import { isSupported } from '../supported-check.ts';
import { add } from './add.ts';
import { deleteRows } from './delete.ts';
import { get } from './get.ts';
import { getInstances } from './get-instances.ts';
import { getSupportedDm } from './get-supported-dm.ts';
import { getSupportedProtocol } from './get-supported-protocol.ts';
import { operate } from './operate.ts';
import { set } from './set.ts';

/** What is stored of a device's model: whole, not there yet, or of a kind that nothing translates. */
export type Knowledge = 'known' | 'unknown' | 'untranslated';

/**
 * Whether a request has to wait for its turn at the CPE. What the grammar or the supported model refuses is answered
 * at once, as is everything that concerns LocalAgent only.
 */
export function needsCpe(body: UspBody, supported: SupportedModel, knowledge: Knowledge): boolean {
  const reachesCpe = (text: string): boolean => {
    const parsed = parsePath(text);
    if (!parsed.ok || isLocal(formatPath(asObject(parsed.path)))) return false;
    return knowledge === 'unknown' || isSupported(supported, parsed.path);
  };
  if (knowledge === 'untranslated') return false;
  switch (body.kind) {
    case 'get':
      return body.param_paths.some(reachesCpe);
    case 'get_instances':
      return body.obj_paths.some(reachesCpe);
    case 'get_supported_dm':
      return knowledge === 'unknown' && body.obj_paths.some((path) => !path.startsWith(LOCAL_ROOT));
    case 'set':
      return body.update_objs.some(({ obj_path }) => reachesCpe(obj_path));
    case 'add':
      return body.create_objs.some(({ obj_path }) => reachesCpe(obj_path));
    case 'delete':
      return body.obj_paths.some(reachesCpe);
    case 'operate':
      return body.command !== SCHEDULE_TIMER_PATH && reachesCpe(body.command);
    default:
      return false;
  }
}

/** The row of a Controller in this Agent; '' for one that has none. */
function controllerPath(model: AgentModel, from_id: string): string {
  const number = controllerNumber(model.local, from_id);
  return number === undefined ? '' : `${CONTROLLER_TABLE}${number}.`;
}

/** Once more where the answer itself has shown that rows are not what they were taken for. */
async function whole(model: AgentModel, look: () => Promise<UspBody>): Promise<UspBody> {
  const answer = await look();
  return (await model.reconsider()) ? look() : answer;
}

/** The answer to a request. Changes of LocalAgent are made in the model and not stored yet. */
export async function execute(
  model: AgentModel,
  body: UspBody,
  from_id: string,
  settings: CommandSettings,
): Promise<UspBody> {
  switch (body.kind) {
    case 'get':
      return whole(model, () => get(model, body));
    case 'get_instances':
      return whole(model, () => getInstances(model, body));
    case 'get_supported_dm':
      return getSupportedDm(shownModel(model), model.dataModelUri, body);
    case 'get_supported_protocol':
      return getSupportedProtocol();
    case 'set':
      return set(model, body);
    case 'add':
      return add(model, body, { controllerPath: controllerPath(model, from_id) });
    case 'delete':
      return deleteRows(model, body);
    case 'operate':
      return operate(model, body, from_id, settings);
    default:
      // Notify, Register and Deregister are for Controllers and Brokers (R-MSG.1).
      return errorMsg(codes.messageNotSupported, `an Agent does not take ${body.kind}`);
  }
}
