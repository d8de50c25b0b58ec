// What the WebSocket of a Controller's MTP is at, which is no row: CurrentRetryCount, and Reset(). Only the node that dials
// for the device knows.
import { lastNameOf, parentOf } from '../../../path/concrete.ts';
import { codes } from '../../../usp/codes.ts';
import { type LocalCommand, type LocalFacts, parameter, type Sessions, UNSIGNED } from '../definition.ts';

const NOT_HERE =
  'this Agent has no WebSocket to this Controller here: the MTP is not dialled, or another node dials it';

/** Endpoint ID of the Controller to which a `…MTP.{i}.WebSocket.` belongs. */
function controllerOf(facts: LocalFacts, webSocket: string): string {
  const row = parentOf(parentOf(parentOf(webSocket)));
  return facts.valuesOf(parentOf(row), Number(lastNameOf(row)))?.['EndpointID'] ?? '';
}

const NO_SESSIONS: Sessions = { retriesOf: () => undefined, reset: () => false };

export const CURRENT_RETRY_COUNT = parameter('CurrentRetryCount', {
  type: UNSIGNED,
  valueChange: 'WILL_IGNORE',
  made(facts, _row, path) {
    const { sessions = NO_SESSIONS } = facts.settings;
    return String(sessions.retriesOf(facts.record.key, controllerOf(facts, parentOf(path))) ?? 0);
  },
});

export const RESET: LocalCommand = {
  name: 'Reset()',
  type: 'SYNC',
  inputs: [],
  outputs: [],
  run({ local, object }) {
    const { sessions = NO_SESSIONS } = local.settings;
    return sessions.reset(local.record.key, controllerOf(local, object))
      ? { kind: 'req_output_args', output_args: new Map() }
      : { kind: 'cmd_failure', err_code: codes.commandFailure, err_msg: NOT_HERE };
  },
};
