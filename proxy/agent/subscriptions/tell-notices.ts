// What the Agent itself knew to have happened (`device/notices.ts`), and to whom it is told now.
import type { Notice } from '../../device/notices.ts';
import { controllerNumber } from '../local-agent/controller/controller.ts';
import { CONTROLLER_TABLE } from '../local-agent/controller/controller-table.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import type { Heard } from './enabled.ts';
import { momentOf } from './local-changes.ts';
import { concerns } from './matching.ts';
import type { Told } from './notify-row.ts';

export function tellNotice(
  local: LocalAgent,
  subscriptions: readonly Heard[],
  { notification, to, last, onBoard }: Notice,
): readonly Told[] {
  if (last !== undefined) return [{ kind: 'last', last, notification }];
  if (onBoard !== undefined) {
    const number = controllerNumber(local, onBoard);
    const controller = number === undefined ? undefined : local.valuesOf(CONTROLLER_TABLE, number);
    // Disabled or deleted meanwhile.
    return controller?.['Enable'] === 'true' ? [{ kind: 'on-board', controller, notification }] : [];
  }
  const moment = momentOf(local);
  return subscriptions
    .filter((one) => (to === undefined ? concerns(one, notification, [moment]) : to.includes(one.number)))
    .map((subscription) => ({ kind: 'subscription', subscription, notification }));
}
