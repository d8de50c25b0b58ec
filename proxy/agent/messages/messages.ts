// Every request by its kind: what it needs, and which file answers it.
import { codes } from '../../usp/codes.ts';
import type { UspBody } from '../../usp/msg.ts';
import type { CommandSettings } from '../commands/commands.ts';
import { errorMsg } from '../failure.ts';
import { CONTROLLER_TABLE } from '../local-agent/controller.ts';
import { LOCAL_ROOT } from '../local-agent/objects.ts';
import type { AgentModel } from '../model.ts';
import { add } from './add.ts';
import { deleteRows } from './delete.ts';
import { get } from './get.ts';
import { getInstances } from './get-instances.ts';
import { getSupportedDm } from './get-supported-dm.ts';
import { getSupportedProtocol } from './get-supported-protocol.ts';
import { operate } from './operate.ts';
import { set } from './set.ts';

const ofLocalAgent = (paths: readonly string[]): boolean => paths.every((path) => path.startsWith(LOCAL_ROOT));

/**
 * Whether a request is answered without the CPE. `known`: what its model supports is stored. Messages that an Agent must
 * not receive are answered here too.
 */
export function isLocalRequest(body: UspBody, known: boolean): boolean {
  switch (body.kind) {
    case 'get':
      return ofLocalAgent(body.param_paths);
    case 'get_instances':
      return ofLocalAgent(body.obj_paths);
    case 'get_supported_dm':
      return known || ofLocalAgent(body.obj_paths);
    case 'set':
      return ofLocalAgent(body.update_objs.map(({ obj_path }) => obj_path));
    case 'add':
      return ofLocalAgent(body.create_objs.map(({ obj_path }) => obj_path));
    case 'delete':
      return ofLocalAgent(body.obj_paths);
    case 'operate':
      return body.command.startsWith(LOCAL_ROOT);
    default:
      return true;
  }
}

/** The row of a Controller in this Agent; '' for one that has none. */
function controllerPath(model: AgentModel, from_id: string): string {
  const number = model.local
    .rowsOf(CONTROLLER_TABLE)
    .find((row) => model.local.valuesOf(CONTROLLER_TABLE, row)?.['EndpointID'] === from_id);
  return number === undefined ? '' : `${CONTROLLER_TABLE}${number}.`;
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
      return get(model, body);
    case 'get_instances':
      return getInstances(model, body);
    case 'get_supported_dm':
      return getSupportedDm(model.supported, model.dataModelUri, body);
    case 'get_supported_protocol':
      return getSupportedProtocol();
    case 'set':
      return set(model, body);
    case 'add':
      return add(model, body, { controllerPath: controllerPath(model, from_id) });
    case 'delete':
      return deleteRows(model, body);
    case 'operate':
      return operate(model, body, settings);
    default:
      // Notify, Register and Deregister are for Controllers and Brokers (R-MSG.1).
      return errorMsg(codes.messageNotSupported, `an Agent does not take ${body.kind}`);
  }
}
