// Controller.{i}.SendOnBoardRequest() (R-NOT.5): the Controller is asked to take this Agent on, be it known already or not.
import { codes } from '../../../usp/codes.ts';
import type { LocalCommand } from '../definition.ts';

/** Values of a Controller's row that are no parameters: when it was last asked on purpose, and when it is asked again. */
export const ASKED = 'asked';
export const ASK_AGAIN_AT = 'askAgainAt';

export const SEND_ON_BOARD_REQUEST: LocalCommand = {
  name: 'SendOnBoardRequest()',
  type: 'SYNC',
  inputs: [],
  outputs: [],
  run: ({ local, object }) => {
    // Twice in one millisecond is once.
    const asked = { OnBoardingComplete: 'false', [ASKED]: String(local.now), [ASK_AGAIN_AT]: '0' };
    const problem = local.change(object, asked);
    return problem === undefined
      ? { kind: 'req_output_args', output_args: new Map() }
      : { kind: 'cmd_failure', err_code: codes.commandFailure, err_msg: problem.why };
  },
};
