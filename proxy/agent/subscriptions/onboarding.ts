// OnBoardRequest (R-NOT.5, R-NOT.6): an enabled Controller that has not said that it knows this Agent is asked to, until it
// answers, and again after its OnBoardingRestartTime. Rows of Controllers that found us by themselves, or that an earlier
// version wrote, have it done. Pure.
import type { Notice } from '../../device/notices.ts';
import type { DeviceRecord, Silenced } from '../../store/device-steps.ts';
import { ON_BOARD } from '../../store/outbox-steps.ts';
import type { OnBoardRequest } from '../../usp/messages/notify.ts';
import { CONTROLLER_TABLE } from '../local-agent/controller/controller-table.ts';
import { ASKED, ASK_AGAIN_AT } from '../local-agent/controller/send-on-board-request.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import type { RowValues } from '../local-agent/rows.ts';
import { rowOf } from '../../path/concrete.ts';
import { SUPPORTED_VERSIONS } from '../messages/get-supported-protocol.ts';

export const wantsOnBoarding = (row: RowValues | undefined): row is RowValues =>
  row?.['Enable'] === 'true' && row['OnBoardingComplete'] === 'false';

export const onBoardRequest = ({ identity }: DeviceRecord): OnBoardRequest => ({
  kind: 'on_board_req',
  oui: identity.OUI,
  product_class: identity.ProductClass,
  serial_number: identity.SerialNumber,
  agent_supported_protocol_versions: SUPPORTED_VERSIONS,
});

/** Controllers whose rows a change has touched, as they were and as they are. */
function touched(
  before: LocalAgent,
  after: LocalAgent,
): readonly (readonly [RowValues | undefined, RowValues | undefined])[] {
  const [was, is] = [before.own.tables[CONTROLLER_TABLE], after.own.tables[CONTROLLER_TABLE]];
  if (was === is) return [];
  const numbers = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})].map(Number));
  return [...numbers]
    .filter((number) => was?.[number] !== is?.[number])
    .map((number) => [before.valuesOf(CONTROLLER_TABLE, number), after.valuesOf(CONTROLLER_TABLE, number)] as const);
}

/** Controllers that are to be asked because of a change. */
export const onBoardNotices = (before: LocalAgent, after: LocalAgent): readonly Notice[] =>
  touched(before, after).flatMap(([was, is]) =>
    wantsOnBoarding(is) && (!wantsOnBoarding(was) || was[ASKED] !== is[ASKED])
      ? [{ notification: onBoardRequest(after.record), onBoard: is['EndpointID'] ?? '' }]
      : [],
  );

/** Requests that nobody waits for any more. */
export const onBoardSilenced = (before: LocalAgent, after: LocalAgent): readonly Silenced[] =>
  touched(before, after).flatMap(([was, is]) =>
    wantsOnBoarding(was) && !wantsOnBoarding(is)
      ? [{ subscription: ON_BOARD, controller: was['EndpointID'] ?? '' }]
      : [],
  );

/** Enabled Controllers that have not said that they know this Agent. */
export const unaware = (local: LocalAgent): readonly RowValues[] =>
  local.rowsOf(CONTROLLER_TABLE).flatMap((number) => {
    const row = local.valuesOf(CONTROLLER_TABLE, number);
    return wantsOnBoarding(row) ? [row] : [];
  });

/** Asks those again whose time has come; says when the next one's comes. */
export function askAgain(local: LocalAgent, now: number): number | undefined {
  const times: number[] = [];
  for (const number of Object.keys(local.own.tables[CONTROLLER_TABLE] ?? {}).map(Number)) {
    const row = local.valuesOf(CONTROLLER_TABLE, number);
    const at = Number(row?.[ASK_AGAIN_AT] ?? 0);
    if (at === 0) continue;
    if (at > now && wantsOnBoarding(row)) times.push(at);
    else {
      const asked = wantsOnBoarding(row) ? { [ASKED]: String(now) } : {};
      local.change(rowOf(CONTROLLER_TABLE, number), { ...asked, [ASK_AGAIN_AT]: '0' });
    }
  }
  return times.length === 0 ? undefined : Math.min(...times);
}
