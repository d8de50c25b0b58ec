// One Notify as it waits in the outbox. msg_id follows from event, Subscription and place, so that what is derived twice
// is one row.
import { ON_BOARD, type BackOff, type NotifyRow } from '../../store/outbox-steps.ts';
import type { LastWord } from '../../device/notices.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import { encodeMsg } from '../../usp/msg-codec.ts';
import type { RowValues } from '../local-agent/rows.ts';
import type { Heard } from './enabled.ts';

/** To whom something is told. */
export type Told =
  | { readonly kind: 'subscription'; readonly subscription: Heard; readonly notification: Notification }
  | { readonly kind: 'last'; readonly last: LastWord; readonly notification: Notification }
  /** An OnBoardRequest, which no Subscription wants. */
  | { readonly kind: 'on-board'; readonly controller: RowValues; readonly notification: Notification };

export interface RowFrame {
  /** Of the event that is told. */
  readonly sequence: number;
  readonly index: number;
  readonly now: number;
  /** How long a Notify that nobody takes is kept, in milliseconds. */
  readonly keepMs: number;
}

/** An OnBoardRequest is repeated until it is answered (R-NOT.6); so long that nobody waits it out. */
const NEVER_MS = 10 * 365 * 24 * 3600 * 1000;

const backOffOf = (controller: RowValues): BackOff => ({
  minimumMs: Number(controller['USPNotifRetryMinimumWaitInterval'] ?? 5) * 1000,
  multiplier: Number(controller['USPNotifRetryIntervalMultiplier'] ?? 2000),
});

export function notifyRow(told: Told, frame: RowFrame): NotifyRow {
  switch (told.kind) {
    case 'subscription': {
      const { number, id, retry, notifExpiration, controller } = told.subscription;
      const recipient = { controller: controller['EndpointID'] ?? '', number, id, retry };
      const expiration = notifExpiration * 1000;
      if (!retry) {
        const kept = expiration > 0 ? { ...frame, keepMs: expiration } : frame;
        return rowOf(told.notification, kept, recipient, {});
      }
      const also = { ...(expiration > 0 ? { expiration } : {}), backOff: backOffOf(controller) };
      return rowOf(told.notification, frame, recipient, also);
    }
    case 'last': {
      const { controller, subscription, id, retry } = told.last;
      const row = rowOf(told.notification, frame, { controller, number: subscription, id, retry }, {});
      // It goes once: nobody is left who would want it again.
      return { ...row, retry: false };
    }
    case 'on-board': {
      const controller = told.controller['EndpointID'] ?? '';
      const recipient = { controller, number: ON_BOARD, id: '', retry: true };
      const row = rowOf(told.notification, frame, recipient, { backOff: backOffOf(told.controller) });
      return { ...row, expiresAt: frame.now + NEVER_MS };
    }
  }
}

interface Recipient {
  readonly controller: string;
  readonly number: number;
  readonly id: string;
  readonly retry: boolean;
}

function rowOf(
  notification: Notification,
  { sequence, index, now, keepMs }: RowFrame,
  { controller, number, id: subscription_id, retry }: Recipient,
  also: Pick<NotifyRow, 'expiration' | 'backOff'>,
): NotifyRow {
  const id = `${sequence}.${number}.${index}`;
  const msg_id = `notify-${id}`;
  const body = { kind: 'notify', subscription_id, send_resp: retry, notification } as const;
  return {
    id,
    msg_id,
    controller,
    subscription: number,
    retry,
    createdAt: now,
    expiresAt: now + keepMs,
    payload: Buffer.from(encodeMsg({ msg_id, body })).toString('base64'),
    attempts: 0,
    nextAt: 0,
    ...also,
  };
}
