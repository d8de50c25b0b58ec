// A transfer as the API shows it: what was asked for and how it stands. No credentials, and no query of the URL, which
// often is one. Pure.
import { whyUnserved } from '../device/unserved.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { TransferRecord } from '../store/transfer-steps.ts';

export interface TransferDescription {
  readonly key: string;
  readonly device: string;
  readonly kind: string;
  readonly state: string;
  /** What it waits for, or why it did not succeed; null when there is nothing to say. */
  readonly detail: string | null;
  readonly order: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly askedAt: string | null;
  readonly acceptedAt: string | null;
  readonly expiresAt: string;
  readonly endedAt: string | null;
  /** Of the CPE, 9000 and above; null while it has not said how it ended. */
  readonly FaultCode: number | null;
  readonly FaultString: string | null;
  /** As the CPE wrote them. */
  readonly StartTime: string | null;
  readonly CompleteTime: string | null;
}

const time = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
const said = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

export function describeTransfer(transfer: TransferRecord, device: DeviceRecord, now: number): TransferDescription {
  const { end } = transfer;
  const heard = end !== undefined && (end.state === 'succeeded' || end.state === 'failed');
  return {
    key: transfer.CommandKey,
    device: device.key.device,
    kind: transfer.kind,
    state: transfer.state,
    detail: detailOf(transfer, device, now),
    order: shownOrder(transfer.order),
    createdAt: new Date(transfer.createdAt).toISOString(),
    askedAt: time(transfer.askedAt),
    acceptedAt: time(transfer.acceptedAt),
    expiresAt: new Date(transfer.expiresAt).toISOString(),
    endedAt: time(end?.at),
    FaultCode: heard ? end.FaultCode : null,
    FaultString: said(end?.FaultString),
    StartTime: said(end?.StartTime),
    CompleteTime: said(end?.CompleteTime),
  };
}

function shownOrder(stored: string): Readonly<Record<string, unknown>> {
  const { kind: _, ...order } = JSON.parse(stored) as Readonly<Record<string, unknown>>;
  const shown = Object.entries(order).map(([name, value]): [string, unknown] =>
    name.endsWith('URL') && typeof value === 'string' ? [name, value.replace(/[?#].*$/, '?…')] : [name, value],
  );
  return Object.fromEntries(shown);
}

function detailOf(
  { state, createdAt, askedAt, end }: TransferRecord,
  device: DeviceRecord,
  now: number,
): string | null {
  switch (state) {
    case 'waiting':
      return device.owner === undefined
        ? `it is asked for when the device comes: ${whyUnserved(device, { now, waitedMs: now - createdAt, calling: false })}`
        : 'its turn in the open session comes';
    case 'asked':
      return 'the device has not answered yet; if its answer was lost, its report or CancelTransfer ends this';
    case 'pending':
      return 'the device has agreed, and reports when it is done';
    case 'failed':
      return `CWMP ${end?.FaultCode}: ${end?.FaultString}`;
    case 'expired':
      return askedAt === undefined ? 'the device did not come in time' : 'the device did not report in time';
    default:
      return null;
  }
}
