// What the Agent itself knows to have happened, as it is stored until it is derived: notifications in their own words,
// and for whom they are where that was found out when it happened.
import type { NewEvent } from '../store/device-steps.ts';
import type { Notification } from '../usp/messages/notify.ts';

/** Something that happened. */
export interface Notice {
  readonly notification: Notification;
  /** Numbers of the Subscriptions that it concerned when it happened; undefined: to be found when it is derived. */
  readonly to?: readonly number[];
  /** The last word to a Subscription that has gone with the Controller that it was for. */
  readonly last?: LastWord;
  /** Endpoint ID of the Controller to be asked: an OnBoardRequest, which no Subscription wants. */
  readonly onBoard?: string;
}
export interface LastWord {
  readonly controller: string;
  readonly subscription: number;
  readonly id: string;
  readonly retry: boolean;
}

export interface NoticeBody {
  readonly notices: readonly Notice[];
  /** How many TriggerActions have led here, one by the other. */
  readonly depth?: number;
}

/** Maps as lists of their entries: JSON knows no maps. */
interface StoredMap {
  readonly map: readonly (readonly [string, string])[];
}
const isStoredMap = (value: unknown): value is StoredMap =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'map') && Object.keys(value).length === 1;

export const noticeEvent = (at: number, body: NoticeBody): NewEvent => ({
  at,
  kind: 'notice',
  body: JSON.stringify(body, (_key, value: unknown) => (value instanceof Map ? { map: [...value] } : value)),
});

export const parseNotices = (body: string): NoticeBody =>
  JSON.parse(body, (_key, value: unknown) => (isStoredMap(value) ? new Map(value.map) : value)) as NoticeBody;
