// ControllerTrust.RequestChallenge(): a Controller asks what it must answer to get the Role of a Challenge (TR-369
// "Challenges"). It gets the instruction for a person, and the name under which its answer is expected.
import { rowOf } from '../../../path/concrete.ts';
import { codes } from '../../../usp/codes.ts';
import type { CommandFailure } from '../../../usp/messages/operate.ts';
import type { LocalCommand } from '../definition.ts';
import { attemptsAt, attemptsValues, challengeRow, outstandingOf, withAsked } from './attempts.ts';
import { CHALLENGE_TABLE } from './paths.ts';

/** TR-181 */
const DEFAULT_EXPIRATION_S = 900;
const LONGEST_EXPIRATION_S = 2 ** 31 - 1;

export const failure = (err_code: number, err_msg: string): CommandFailure => ({
  kind: 'cmd_failure',
  err_code,
  err_msg,
});

/** Within it all that would go on is refused (LockoutPeriod). */
export const locked = (until: number, now: number): CommandFailure =>
  failure(codes.requestDenied, `the Challenge was failed too often: try again in ${Math.ceil((until - now) / 1000)} s`);

/** Instance number of the row that a reference names, with or without its last dot; 0 for what is no such reference. */
function challengeNumber(reference: string): number {
  const number = reference.startsWith(CHALLENGE_TABLE) ? reference.slice(CHALLENGE_TABLE.length) : '';
  return /^[1-9]\d*\.?$/.test(number) ? Number.parseInt(number, 10) : 0;
}

/** Undefined for what is no number of seconds. */
function expirationOf(given: string | undefined): number | undefined {
  if (given === undefined || given === '') return DEFAULT_EXPIRATION_S;
  const seconds = /^\+?\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
  return seconds <= LONGEST_EXPIRATION_S ? seconds : undefined;
}

export const REQUEST_CHALLENGE: LocalCommand = {
  name: 'RequestChallenge()',
  type: 'SYNC',
  inputs: [
    { name: 'ChallengeRef', mandatory: true },
    { name: 'RequestExpiration', mandatory: false },
  ],
  outputs: ['Instruction', 'InstructionType', 'ValueType', 'ChallengeID'],
  run: ({ local, args, from_id, challenges }) => {
    const number = challengeNumber(args.get('ChallengeRef') ?? '');
    const challenge = rowOf(CHALLENGE_TABLE, number);
    const row = challengeRow(local, number);
    if (row === undefined) {
      challenges.told('unknown', from_id, '');
      return failure(codes.invalidValue, 'ChallengeRef: there is no such Challenge, or it is switched off');
    }
    const seconds = expirationOf(args.get('RequestExpiration'));
    if (seconds === undefined) {
      return failure(codes.invalidCommandArguments, 'RequestExpiration is a number of seconds, 0 for no end');
    }
    if ((row['Value'] ?? '') === '' || (row['Role'] ?? '') === '') {
      return failure(codes.commandFailure, 'the Challenge has no Value, or no Role to give');
    }
    const attempts = attemptsAt(row, local.now);
    if (attempts.lockedUntil !== 0) {
      challenges.told('locked', from_id, challenge);
      return locked(attempts.lockedUntil, local.now);
    }
    const before = outstandingOf(local, from_id);
    if (before !== undefined && before.number !== number) {
      const why = `${rowOf(CHALLENGE_TABLE, before.number)} is to be answered first, or to expire`;
      return failure(codes.requestDenied, why);
    }
    const asked = { by: from_id, id: challenges.newId(), until: seconds === 0 ? 0 : local.now + seconds * 1000 };
    const problem = local.change(challenge, attemptsValues(withAsked(attempts, asked)));
    if (problem !== undefined) return failure(problem.code, problem.why);
    challenges.told('asked', from_id, challenge);
    const shown = ['Instruction', 'InstructionType', 'ValueType'].map((name) => [name, row[name] ?? ''] as const);
    return { kind: 'req_output_args', output_args: new Map([...shown, ['ChallengeID', asked.id]]) };
  },
};
