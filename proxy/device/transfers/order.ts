// What is asked for with a transfer, in the fields of its RPC, and whether it can be asked of a CPE at all. Pure.
import { CPE_METHODS, type CpeMethodName, type CpeRequest } from '../../rpc/methods.ts';
import type { TransferKind } from '../../store/transfer-steps.ts';

type Ordered<N extends CpeMethodName> = Omit<CpeRequest<N>, 'CommandKey' | keyof TransferSecrets>;

export type TransferOrder =
  | ({ readonly kind: 'download' } & Ordered<'Download'>)
  | ({ readonly kind: 'upload' } & Ordered<'Upload'>)
  | ({ readonly kind: 'schedule-download' } & Ordered<'ScheduleDownload'>)
  | ({ readonly kind: 'change-du-state' } & UnitOrder);

/** One operation a transfer, so that a CommandKey stands for one (facts: §8.3). '' for what is not said. */
export interface UnitOrder {
  readonly Operation: 'Install' | 'Update' | 'Uninstall';
  readonly URL: string;
  readonly UUID: string;
  readonly Version: string;
  readonly ExecutionEnvRef: string;
}

/** For the file server; '' where it asks for none. Never shown, never logged. */
export interface TransferSecrets {
  readonly Username: string;
  readonly Password: string;
}

export const TRANSFER_METHODS = {
  download: 'Download',
  upload: 'Upload',
  'schedule-download': 'ScheduleDownload',
  'change-du-state': 'ChangeDUState',
} as const satisfies Readonly<Record<TransferKind, CpeMethodName>>;

/** TR-069 A.3.2.8: HTTP must be supported; the others may be. */
const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'ftp:', 'sftp:', 'tftp:']);
/** ScheduleDownload takes two at most (A.4.1.8). */
const MOST_WINDOWS = 2;
const LARGEST_UNSIGNED = 2 ** 32 - 1;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What XML 1.0 cannot carry, and line ends, which no field of these RPCs has a use for. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u;
/** A.4.1.10: longer than the URL of a Download, which is 256. */
const LONGEST_UNIT = { URL: 1024, UUID: 36, Version: 32, ExecutionEnvRef: 256 } as const;

/** What is wrong with it, for a person who never sees a secret in it; undefined when nothing is. */
export function faultOf(order: TransferOrder, secrets: TransferSecrets, keepMs: number): string | undefined {
  const found = textFault({ ...order }, order.kind) ?? textFault({ ...secrets }, order.kind);
  if (found !== undefined) return found;
  if (order.kind === 'change-du-state') return unitFault(order);
  if (order.FileType === '') return 'FileType is missing, such as "1 Firmware Upgrade Image"';
  return urlFault(order.URL) ?? timeFault(order, keepMs);
}

function textFault(values: Readonly<Record<string, unknown>>, kind: TransferKind): string | undefined {
  const fields: Readonly<Record<string, object>> = CPE_METHODS[TRANSFER_METHODS[kind]].request;
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'string') continue;
    if (UNWRITABLE.test(value)) return `${name} holds a character that CWMP cannot carry`;
    const longest = kind === 'change-du-state' ? longestOfUnit(name) : maxLengthOf(fields[name]);
    if (value.length > longest) return `${name} is longer than the ${longest} characters that CWMP has for it`;
  }
  return undefined;
}

const maxLengthOf = (field: object | undefined): number =>
  field !== undefined && 'maxLength' in field && typeof field.maxLength === 'number' ? field.maxLength : 256;
const longestOfUnit = (name: string): number =>
  Object.hasOwn(LONGEST_UNIT, name) ? LONGEST_UNIT[name as keyof typeof LONGEST_UNIT] : 256;

function urlFault(url: string): string | undefined {
  if (url === '') return 'URL is missing';
  if (!URL.canParse(url)) return 'URL is none';
  const { protocol, username, password } = new URL(url);
  if (!SCHEMES.has(protocol)) return `a CPE fetches and sends by http, https, ftp, sftp or tftp, not by ${protocol}`;
  // TR-069 A.3.2.8, and it would be shown where a password never is.
  return username === '' && password === '' ? undefined : 'URL may hold no credentials: give Username and Password';
}

function timeFault(order: Exclude<TransferOrder, UnitOrder>, keepMs: number): string | undefined {
  const most = Math.min(LARGEST_UNSIGNED, Math.floor(keepMs / 1000));
  const beyond = (seconds: number): boolean => !Number.isSafeInteger(seconds) || seconds < 0 || seconds > most;
  const keep = `a whole number of seconds up to transfer.keep (${most})`;
  if ('FileSize' in order && !isUnsigned(order.FileSize)) return 'FileSize is a whole number of bytes below 2^32';
  if (order.kind !== 'schedule-download') return beyond(order.DelaySeconds) ? `DelaySeconds is ${keep}` : undefined;
  const windows = order.TimeWindowList;
  if (windows.length < 1 || windows.length > MOST_WINDOWS) return 'TimeWindowList has one window or two';
  for (const { WindowStart, WindowEnd, WindowMode, UserMessage, MaxRetries } of windows) {
    if (beyond(WindowStart) || beyond(WindowEnd)) return `WindowStart and WindowEnd are ${keep}`;
    if (WindowStart >= WindowEnd) return 'a window begins before it ends';
    if (WindowMode === '' || WindowMode.length > 64)
      return 'WindowMode is missing or too long, such as "1 At Any Time"';
    if (UserMessage.length > 256 || UNWRITABLE.test(WindowMode + UserMessage)) return 'UserMessage cannot be carried';
    if (!Number.isInteger(MaxRetries) || Math.abs(MaxRetries) > 2 ** 31 - 1) return 'MaxRetries is a number';
  }
  const [first, second] = windows;
  return first !== undefined && second !== undefined && second.WindowStart < first.WindowEnd
    ? 'the second window begins after the first has ended'
    : undefined;
}

const isUnsigned = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= LARGEST_UNSIGNED;

function unitFault({ Operation, URL: url, UUID: uuid }: UnitOrder): string | undefined {
  if (uuid !== '' && !UUID.test(uuid)) return 'UUID is none, such as 5bb3c9a8-6cd4-4a7d-9e6d-1e5b6c1d2f3a';
  if (Operation === 'Uninstall' && uuid === '') return 'UUID is missing: which unit is to be uninstalled?';
  if (Operation === 'Uninstall') return url === '' ? undefined : 'an Uninstall takes no URL';
  return Operation === 'Update' && url === '' ? undefined : urlFault(url);
}
