// The events of the model (NotifType Event) that something which happened at a device stands for (facts:
// cwmp-usp-translation §9.1), in the order in which they are told. Pure.
import { type DeviceEvent, hasEvent } from '../../device/events.ts';
import type { EventNotification } from '../../usp/messages/notify.ts';
import { bootNotification } from './boot.ts';
import { imageComplete } from './firmware-events.ts';
import { transferNotifications } from './transfer-events.ts';

const WAKEUP = 13;

/** `events`: all that are derived together. */
export function eventNotifications(event: DeviceEvent, events: readonly DeviceEvent[]): readonly EventNotification[] {
  const boot = bootNotification(event);
  const image = event.kind === 'operation' ? imageComplete(event) : undefined;
  const own = [image, boot].filter((one) => one !== undefined);
  return [...transferNotifications(event, events), ...own, ...wakeUp(event)];
}

function wakeUp(event: DeviceEvent): readonly EventNotification[] {
  if (event.kind !== 'inform') return [];
  const codes = event.events.map(({ EventCode }) => EventCode);
  const told = { kind: 'event', obj_path: 'Device.LocalAgent.', event_name: 'WakeUp!', params: new Map() } as const;
  return hasEvent(codes, WAKEUP) ? [told] : [];
}
