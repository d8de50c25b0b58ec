// The body of `POST …/transfers`: the fields of the RPC under their own names, and `kind`. What is wrong is said in one
// sentence that names the field, and never its value: it may be a secret. Pure.
import type { TransferOrder, TransferSecrets } from '../device/transfers/order.ts';
import { TRANSFER_KINDS, type TransferKind } from '../store/transfer-steps.ts';

export type TransferBody =
  | { readonly ok: true; readonly order: TransferOrder; readonly secrets: TransferSecrets }
  | { readonly ok: false; readonly message: string };

const COMMON = ['kind', 'URL', 'Username', 'Password'];
const FIELDS: Readonly<Record<TransferKind, readonly string[]>> = {
  download: ['FileType', 'FileSize', 'TargetFileName', 'DelaySeconds', 'SuccessURL', 'FailureURL'],
  upload: ['FileType', 'DelaySeconds'],
  'schedule-download': ['FileType', 'FileSize', 'TargetFileName', 'TimeWindowList'],
  'change-du-state': ['Operation', 'UUID', 'Version', 'ExecutionEnvRef'],
};
const WINDOW = ['WindowStart', 'WindowEnd', 'WindowMode', 'UserMessage', 'MaxRetries'];
const OPERATIONS = ['Install', 'Update', 'Uninstall'] as const;

/** Thrown within this file only: the first thing that is wrong. */
class Wrong extends Error {}

/** Fields of an object of JSON, each of the type that is wanted; what is not there is empty. */
class Fields {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown, what: string, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Wrong(`${what} is a JSON object`);
    this.#values = value as Readonly<Record<string, unknown>>;
    const strange = Object.keys(this.#values).some((name) => !known.includes(name));
    if (strange) throw new Wrong(`${what} has a field that is none of ${known.join(', ')}`);
  }

  text(name: string): string {
    const value = this.#values[name] ?? '';
    if (typeof value !== 'string') throw new Wrong(`${name} is a text`);
    return value;
  }

  number(name: string, initial = 0): number {
    const value = this.#values[name] ?? initial;
    if (typeof value !== 'number') throw new Wrong(`${name} is a number`);
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const text = this.text(name);
    const found = values.find((value) => value === text);
    if (found === undefined) throw new Wrong(`${name} is one of ${values.join(', ')}`);
    return found;
  }

  list(name: string): readonly unknown[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value)) throw new Wrong(`${name} is a list`);
    return value;
  }
}

export function readTransferBody(value: unknown): TransferBody {
  try {
    const every = [...COMMON, ...Object.values(FIELDS).flat()];
    const kind = new Fields(value, 'the body', every).oneOf('kind', TRANSFER_KINDS);
    const fields = new Fields(value, `the body of ${article(kind)}`, [...COMMON, ...FIELDS[kind]]);
    const secrets = { Username: fields.text('Username'), Password: fields.text('Password') };
    return { ok: true, order: readOrder(kind, fields), secrets };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, message: error.message };
    throw error;
  }
}

const article = (kind: string): string => (kind === 'upload' ? `an ${kind}` : `a ${kind}`);

function readOrder(kind: TransferKind, fields: Fields): TransferOrder {
  const URL = fields.text('URL');
  if (kind === 'change-du-state') {
    const Operation = fields.oneOf('Operation', OPERATIONS);
    const [UUID, Version] = [fields.text('UUID'), fields.text('Version')];
    return { kind, Operation, URL, UUID, Version, ExecutionEnvRef: fields.text('ExecutionEnvRef') };
  }
  const FileType = fields.text('FileType');
  if (kind === 'upload') return { kind, FileType, URL, DelaySeconds: fields.number('DelaySeconds') };
  const file = { FileType, URL, FileSize: fields.number('FileSize'), TargetFileName: fields.text('TargetFileName') };
  if (kind === 'schedule-download')
    return { kind, ...file, TimeWindowList: fields.list('TimeWindowList').map(readWindow) };
  const [SuccessURL, FailureURL] = [fields.text('SuccessURL'), fields.text('FailureURL')];
  return { kind, ...file, DelaySeconds: fields.number('DelaySeconds'), SuccessURL, FailureURL };
}

type TimeWindow = Extract<TransferOrder, { readonly kind: 'schedule-download' }>['TimeWindowList'][number];

function readWindow(value: unknown): TimeWindow {
  const fields = new Fields(value, 'a window', WINDOW);
  return {
    WindowStart: fields.number('WindowStart'),
    WindowEnd: fields.number('WindowEnd'),
    WindowMode: fields.text('WindowMode'),
    UserMessage: fields.text('UserMessage'),
    // A.4.1.8: -1 leaves it to the CPE.
    MaxRetries: fields.number('MaxRetries', -1),
  };
}
