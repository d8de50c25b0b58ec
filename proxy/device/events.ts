// What happens at a device, as it is stored until its Notifies are derived.
import type { AcsMethodName } from '../rpc/methods.ts';
import type { Event } from '../rpc/structs.ts';
import type { NewEvent, StoredEvent } from '../store/device-steps.ts';
import type { FirmwareBody } from '../store/firmware-steps.ts';
import type { OperationBody, TransferBody } from '../store/operation-steps.ts';
import type { NamedValue } from './ledger.ts';
import { type NoticeBody, parseNotices } from './notices.ts';

/** An Inform: its events, and every value it carried. */
export interface InformBody {
  readonly events: readonly Event[];
  readonly values: readonly NamedValue[];
}
/** A report of the CPE's own, such as TransferComplete. */
export interface ReportBody {
  readonly method: AcsMethodName;
  readonly value: unknown;
}
/** Values that results of our RPCs revealed and that the ledger did not know. */
export interface ValuesBody {
  readonly values: readonly NamedValue[];
}

export const informEvent = (at: number, body: InformBody): NewEvent => ({
  at,
  kind: 'inform',
  body: JSON.stringify(body),
});
export const reportEvent = (at: number, body: ReportBody): NewEvent => ({
  at,
  kind: 'report',
  body: JSON.stringify(body),
});
export const valuesEvent = (at: number, values: readonly NamedValue[]): NewEvent => ({
  at,
  kind: 'values',
  body: JSON.stringify({ values } satisfies ValuesBody),
});

export type DeviceEvent =
  | ({ readonly kind: 'inform' } & InformBody & EventFrame)
  | ({ readonly kind: 'report' } & ReportBody & EventFrame)
  | ({ readonly kind: 'values' } & ValuesBody & EventFrame)
  | ({ readonly kind: 'transfer' } & TransferBody & EventFrame)
  | ({ readonly kind: 'firmware' } & FirmwareBody & EventFrame)
  | ({ readonly kind: 'notice' } & NoticeBody & EventFrame)
  | ({ readonly kind: 'operation' } & OperationBody & EventFrame);
interface EventFrame {
  readonly sequence: number;
  readonly at: number;
  readonly boot: StoredEvent['boot'];
}

/** A stored event with its body, as it was written by this file or, of transfers, operations and banks, by the step that ended them. */
export function parseEvent({ sequence, at, kind, body, boot }: StoredEvent): DeviceEvent {
  const frame = { sequence, at, boot };
  if (kind === 'inform') return { ...frame, kind, ...(JSON.parse(body) as InformBody) };
  if (kind === 'report') return { ...frame, kind, ...(JSON.parse(body) as ReportBody) };
  if (kind === 'transfer') return { ...frame, kind, ...(JSON.parse(body) as TransferBody) };
  if (kind === 'firmware') return { ...frame, kind, ...(JSON.parse(body) as FirmwareBody) };
  if (kind === 'notice') return { ...frame, kind, ...parseNotices(body) };
  if (kind === 'operation') return { ...frame, kind, ...(JSON.parse(body) as OperationBody) };
  return { ...frame, kind, ...(JSON.parse(body) as ValuesBody) };
}

/** The number at the head of an event code, whatever follows it: `1 BOOT`, `1 Boot` (quirk 26); undefined for M events. */
export function eventNumber(code: string): number | undefined {
  const match = /^\s*(\d+)\b/.exec(code);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

export const hasEvent = (codes: readonly string[], number: number): boolean =>
  codes.some((code) => eventNumber(code) === number);

export const BOOTSTRAP = 0;

/** Codes after which a report of the same session says what has ended: TransferComplete and its like. */
const REPORTED = [7, 10, 11, 12];

/** The CPE brings reports before its empty POST. */
export const announcesReports = (codes: readonly string[]): boolean =>
  REPORTED.some((number) => hasEvent(codes, number));

/** 0 BOOTSTRAP and 1 BOOT both tell that the CPE started anew. */
export const tellsBoot = (codes: readonly string[]): boolean => hasEvent(codes, 1) || hasEvent(codes, BOOTSTRAP);
