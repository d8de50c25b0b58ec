// ControllerTrust.ChallengeResponse(): the answer to a Challenge. The right one gives the Controller that was asked the Role
// of the Challenge at this Agent, in place of UntrustedRole; wrong ones are counted, whoever gives them (R-SEC.16, R-SEC.17).
import { createHash, timingSafeEqual } from 'node:crypto';
import { rowOf } from '../../../path/concrete.ts';
import { normaliseBase64 } from '../../../path/binary.ts';
import { codes } from '../../../usp/codes.ts';
import type { CommandFailure, OutputArgs } from '../../../usp/messages/operate.ts';
import { controllerNumber } from '../controller/controller.ts';
import { CONTROLLER_TABLE } from '../controller/controller-table.ts';
import type { LocalCommand, LocalOperation } from '../definition.ts';
import { afterFailure, attemptsValues, type Outstanding, outstandingOf, without } from './attempts.ts';
import { CHALLENGE_TABLE, roleNumbers, roleReference, TRUST } from './paths.ts';
import { failure, locked } from './request-challenge.ts';

const digest = (base64: string): Buffer => createHash('sha256').update(Buffer.from(base64, 'base64')).digest();

/** Both are base64: equal length digests are compared, so that neither length nor content shows in the time it takes. */
const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

export const CHALLENGE_RESPONSE: LocalCommand = {
  name: 'ChallengeResponse()',
  type: 'SYNC',
  inputs: [
    { name: 'ChallengeID', mandatory: true },
    { name: 'Value', mandatory: true },
  ],
  outputs: [],
  run: (operation) => {
    const { local, args, from_id, challenges } = operation;
    const outstanding = outstandingOf(local, from_id);
    if (outstanding === undefined || outstanding.asked.id !== args.get('ChallengeID')) {
      challenges.told('unknown', from_id, '');
      return failure(codes.invalidArguments, 'ChallengeID is none that this Controller has to answer, or has expired');
    }
    const { row, attempts } = outstanding;
    const challenge = rowOf(CHALLENGE_TABLE, outstanding.number);
    if (attempts.lockedUntil !== 0) {
      challenges.told('locked', from_id, challenge);
      return locked(attempts.lockedUntil, local.now);
    }
    const given = normaliseBase64(args.get('Value') ?? '');
    if (given === undefined) return failure(codes.invalidCommandArguments, 'Value is not of type base64');
    const outcome = isSame(given, row['Value'] ?? '') ? passed(operation, outstanding) : failed(operation, outstanding);
    challenges.told(outcome.kind === 'cmd_failure' ? 'failed' : 'passed', from_id, challenge);
    return outcome;
  },
};

function failed({ local, from_id }: LocalOperation, { number, row, attempts }: Outstanding): CommandFailure {
  const lockoutMs = Number(row['LockoutPeriod'] ?? 0) * 1000;
  const after = afterFailure(attempts, from_id, Number(row['Retries'] ?? 0), lockoutMs, local.now);
  const problem = local.change(rowOf(CHALLENGE_TABLE, number), attemptsValues(after));
  return failure(codes.commandFailure, problem?.why ?? 'the Value is not the right one');
}

function passed(operation: LocalOperation, { number, row, attempts }: Outstanding): OutputArgs | CommandFailure {
  const { local, from_id } = operation;
  const controller = controllerNumber(local, from_id);
  if (controller === undefined) return failure(codes.commandFailure, 'the Controller has no row at this Agent');
  const untrusted = roleNumbers(local.read(`${TRUST}UntrustedRole`) ?? '');
  const before = local.valuesOf(CONTROLLER_TABLE, controller)?.['AssignedRole'] ?? '';
  const kept = roleNumbers(before).filter((role) => !untrusted.includes(role));
  const roles = new Set([...kept, ...roleNumbers(row['Role'] ?? '')]);
  const problem =
    local.change(rowOf(CONTROLLER_TABLE, controller), { AssignedRole: [...roles].map(roleReference).join(',') }) ??
    // It is used up, and the count of failures begins anew.
    local.change(
      rowOf(CHALLENGE_TABLE, number),
      attemptsValues({ ...without(attempts, from_id), failures: 0, lockedUntil: 0 }),
    );
  return problem === undefined
    ? { kind: 'req_output_args', output_args: new Map() }
    : failure(codes.commandFailure, problem.why);
}
