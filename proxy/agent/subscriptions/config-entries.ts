// Entries of a device's mailbox that set what a Subscription's TriggerAction says. Nobody asked for them, so nobody is
// answered: what came of each is counted, and what did not come about is logged with its reason.
import type { Runner } from '../../device/access.ts';
import type { Submitted } from '../../device/room.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { RequestOrigin } from '../../store/mailbox-steps.ts';
import { decodeMsg } from '../../usp/msg-codec.ts';
import type { UspBody } from '../../usp/msg.ts';

/** Kind of such an entry. */
export const CONFIG = 'config';

interface Effects {
  readonly log: Log;
  readonly metrics: Metrics;
}
/** `to_id`: the Agent; `from_id`: the Recipient, as which it is set; `msg_id`: of which event and Subscription. */
type Origin = Pick<RequestOrigin, 'to_id' | 'from_id' | 'msg_id'>;

/** `run` runs a Set as a Controller's. */
export const configRunner = (run: Runner['run'], effects: Effects): Runner => ({
  async run(entry, access) {
    const result = await run(entry, access);
    const answer = result.answer === undefined ? undefined : bodyOf(result.answer);
    tellSet(effects, entry.origin, answer, result.error);
    return { ...result, answer: undefined };
  },
  answerFor(entry, { state, error }) {
    lost(effects, entry.origin, state, error);
    return undefined;
  },
});

/** What a Set has come to; `error`: where it was none. */
export function tellSet(
  effects: Effects,
  origin: Origin | undefined,
  answer: UspBody | undefined,
  error: string,
): void {
  const refusal = answer === undefined ? error : refusalIn(answer);
  if (refusal === undefined) effects.metrics.count('trigger_config', 'set');
  else lost(effects, origin, 'refused', refusal);
}

/** Whether it waits in the mailbox. */
export function tellSubmitted(effects: Effects, origin: Origin, submitted: Submitted): void {
  if (submitted.kind === 'refused') lost(effects, origin, submitted.reason, 'the mailbox of the device takes no more');
}

function lost({ log, metrics }: Effects, origin: Origin | undefined, outcome: string, error: string): void {
  metrics.count('trigger_config', outcome);
  const { to_id: agent, from_id: controller, msg_id: config } = origin ?? {};
  log.warn({ agent, controller, config, outcome, error }, 'what a TriggerAction was to set is not set');
}

const bodyOf = (answer: string): UspBody | undefined => {
  const decoded = decodeMsg(Buffer.from(answer, 'base64'));
  return decoded.ok ? decoded.msg.body : undefined;
};

/** The first that could not be set; undefined where all is. */
function refusalIn(answer: UspBody): string | undefined {
  if (answer.kind === 'error') return answer.err_msg;
  if (answer.kind !== 'set_resp') return undefined;
  for (const { requested_path, oper_status } of answer.updated_obj_results) {
    if (oper_status.kind === 'oper_failure') return `${requested_path}: ${oper_status.err_msg}`;
  }
  return undefined;
}
