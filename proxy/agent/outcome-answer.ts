// The answer to a request that ended without a result of its own: it expired, its device could not be reached, or what
// became of it is not known. Each message has its own shape for that (facts: cwmp-usp-translation §10.4).
import type { RequestOutcome } from '../store/mailbox-steps.ts';
import { codes } from '../usp/codes.ts';
import type { UspBody } from '../usp/msg.ts';
import { errorMsg } from './failure.ts';

const textOf = ({ state, error }: RequestOutcome): string => {
  if (state === 'unknown') return `outcome unknown: ${error}`;
  return state === 'expired' ? `no answer in time: ${error}` : error;
};

export function outcomeAnswer(body: UspBody, outcome: RequestOutcome): UspBody {
  const why = { err_code: codes.internalError, err_msg: textOf(outcome) };
  switch (body.kind) {
    case 'get':
      return {
        kind: 'get_resp',
        req_path_results: body.param_paths.map((requested_path) => ({
          requested_path,
          ...why,
          resolved_path_results: [],
        })),
      };
    case 'get_instances':
      return {
        kind: 'get_instances_resp',
        req_path_results: body.obj_paths.map((requested_path) => ({ requested_path, ...why, curr_insts: [] })),
      };
    case 'get_supported_dm':
      return {
        kind: 'get_supported_dm_resp',
        req_obj_results: body.obj_paths.map((req_obj_path) => ({
          req_obj_path,
          ...why,
          data_model_inst_uri: '',
          supported_objs: [],
        })),
      };
    case 'operate':
      return {
        kind: 'operate_resp',
        operation_results: [
          {
            executed_command: body.command,
            operation_resp: { kind: 'cmd_failure', err_code: codes.commandFailure, err_msg: why.err_msg },
          },
        ],
      };
    case 'set':
      if (!body.allow_partial) break;
      return {
        kind: 'set_resp',
        updated_obj_results: body.update_objs.map(({ obj_path }) => ({
          requested_path: obj_path,
          oper_status: { kind: 'oper_failure', ...why, updated_inst_failures: [] },
        })),
      };
    case 'add':
      if (!body.allow_partial) break;
      return {
        kind: 'add_resp',
        created_obj_results: body.create_objs.map(({ obj_path }) => ({
          requested_path: obj_path,
          oper_status: { kind: 'oper_failure', ...why },
        })),
      };
    case 'delete':
      if (!body.allow_partial) break;
      return {
        kind: 'delete_resp',
        deleted_obj_results: body.obj_paths.map((requested_path) => ({
          requested_path,
          oper_status: { kind: 'oper_failure', ...why },
        })),
      };
    default:
  }
  return errorMsg(why.err_code, why.err_msg);
}
