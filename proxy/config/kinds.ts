// Kinds of settings: each parses what a file, a variable or a flag gave, and says what it wants when that is wrong.

export interface Setting<T> {
  readonly kind: string;
  readonly initial: T;
  readonly help: string;
  /** Shown as `[secret]` wherever a value is shown. */
  readonly secret: boolean;
  /** `raw` is text from a variable or flag, or whatever YAML made of a file's value. */
  /** How a value is shown that holds secrets beside other things. */
  show?(value: T): string;
  parse(raw: unknown): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly wants: string };
}

const accept = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
const refuse = (wants: string): { readonly ok: false; readonly wants: string } => ({ ok: false, wants });

export interface ListenAddress {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

const LISTEN = /^(\[[0-9A-Fa-f:.]+\]|[^:\s]*):(\d{1,5})$/;

/** `host:port`; an empty host listens on all addresses. */
export function listen(initial: string, help: string): Setting<ListenAddress> {
  const parse = (raw: unknown): ReturnType<Setting<ListenAddress>['parse']> => {
    const match = typeof raw === 'string' ? LISTEN.exec(raw) : null;
    const port = Number(match?.[2] ?? Number.NaN);
    if (match === null || port > 65535) return refuse('host:port, such as 127.0.0.1:7547 (port 0: any free one)');
    return accept({ host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port });
  };
  const first = parse(initial);
  if (!first.ok) throw new RangeError(initial);
  return { kind: 'host:port', initial: first.value, help, secret: false, parse };
}

/** `host:port`, or nothing: then nobody listens. */
export function optionalListen(help: string, initial = ''): Setting<ListenAddress | undefined> {
  const some = listen(initial === '' ? ':0' : initial, help);
  return {
    kind: 'host:port or nothing',
    initial: initial === '' ? undefined : some.initial,
    help,
    secret: false,
    parse: (raw) => (raw === '' ? accept(undefined) : some.parse(raw)),
  };
}

/** `host:port` of a server elsewhere, or nothing. */
export function peer(help: string): Setting<ListenAddress | undefined> {
  return {
    kind: 'host:port or nothing',
    initial: undefined,
    help,
    secret: false,
    parse(raw) {
      if (raw === '') return accept(undefined);
      const parsed = listen(':0', help).parse(raw);
      const isWhole = parsed.ok && parsed.value.host !== '' && parsed.value.port !== 0;
      return isWhole ? parsed : refuse('host:port, such as xmpp.example:5222');
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const LONGEST_MS = 365 * 86_400_000;
export const formatDuration = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);

/** A duration with its unit; milliseconds inside. */
export function duration(initialMs: number, help: string, minimumMs = 0): Setting<number> {
  return {
    kind: 'duration',
    initial: initialMs,
    help,
    secret: false,
    parse(raw) {
      const match = typeof raw === 'string' ? DURATION.exec(raw.trim()) : null;
      const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
      if (Number.isFinite(ms) && ms >= minimumMs && ms <= LONGEST_MS) return accept(ms);
      const least = minimumMs === 0 ? '' : ` of at least ${formatDuration(minimumMs)}`;
      return refuse(`a duration${least} with its unit, such as 250ms, 25s, 5m, 7d`);
    },
  };
}

export function count(initial: number, help: string, minimum = 1, maximum = Number.MAX_SAFE_INTEGER): Setting<number> {
  return {
    kind: 'number',
    initial,
    help,
    secret: false,
    parse(raw) {
      const value = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw;
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum
        ? accept(value)
        : refuse(
            maximum === Number.MAX_SAFE_INTEGER
              ? `a whole number of at least ${minimum}`
              : `a whole number from ${minimum} to ${maximum}`,
          );
    },
  };
}

const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  KB: 1000,
  KiB: 1024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1e9,
  GiB: 2 ** 30,
};
const SIZE = /^(\d+)\s*(|KB|KiB|MB|MiB|GB|GiB)$/;

/** A size in bytes, with or without a unit. */
export function size(initial: number, help: string): Setting<number> {
  return {
    kind: 'size',
    initial,
    help,
    secret: false,
    parse(raw) {
      const match = SIZE.exec(String(raw));
      const bytes = Number(match?.[1]) * (SIZES[match?.[2] ?? '?'] ?? Number.NaN);
      return Number.isSafeInteger(bytes) && bytes > 0 ? accept(bytes) : refuse('a size, such as 262144, 256KiB, 16MiB');
    },
  };
}

export function oneOf<const V extends string>(values: readonly V[], initial: V, help: string): Setting<V> {
  return {
    kind: values.join(' | '),
    initial,
    help,
    secret: false,
    parse(raw) {
      const value = values.find((candidate) => candidate === raw);
      return value === undefined ? refuse(`one of ${values.join(', ')}`) : accept(value);
    },
  };
}

/** A YAML list, or text with commas between the items; at least one, each of these. */
export function someOf<const V extends string>(
  values: readonly V[],
  initial: readonly V[],
  help: string,
): Setting<readonly V[]> {
  const items = list(initial, help);
  const isOne = (item: string): item is V => values.some((value) => value === item);
  return {
    ...items,
    kind: `list of ${values.join(', ')}`,
    initial,
    parse(raw) {
      const read = items.parse(raw);
      const good = read.ok && read.value.length > 0 && read.value.every(isOne);
      return good ? accept(read.value.filter(isOne)) : refuse(`some of ${values.join(', ')}`);
    },
  };
}

export function text(initial: string, help: string): Setting<string> {
  return {
    kind: 'text',
    initial,
    help,
    secret: false,
    parse: (raw) => (typeof raw === 'string' ? accept(raw) : refuse('text (quote it in YAML)')),
  };
}

/** A URL, or nothing; a password in it is never shown. */
export function url(help: string): Setting<string> {
  return {
    kind: 'url',
    initial: '',
    help,
    secret: false,
    parse: (raw) => (typeof raw === 'string' && (raw === '' || URL.canParse(raw)) ? accept(raw) : refuse('a URL')),
  };
}

/** A file, or a URL of http(s) without credentials in it. */
export function fileOrUrl(help: string): Setting<string> {
  const withCredentials = /^https?:\/\/[^/?#]*@/i;
  return {
    ...text('', help),
    kind: 'file or url',
    parse(raw) {
      const isUrl = typeof raw === 'string' && /^https?:/i.test(raw);
      const isGood = typeof raw === 'string' && (!isUrl || (URL.canParse(raw) && !withCredentials.test(raw)));
      return isGood ? accept(raw) : refuse('a file, or a URL (https://…) without user name and password');
    },
  };
}

/** Text that is never shown again. */
export const secret = (help: string): Setting<string> => ({ ...text('', help), kind: 'secret', secret: true });

/** Keys of so many bytes, in hexadecimal or base64; never shown again. */
export function keys(bytes: number, help: string): Setting<readonly Uint8Array[]> {
  const items = list([], help);
  const read = (text: string): Uint8Array =>
    Buffer.from(text, /^[0-9a-f]+$/i.test(text) && text.length === 2 * bytes ? 'hex' : 'base64');
  return {
    kind: `list of keys of ${bytes} bytes`,
    initial: [],
    help,
    secret: true,
    parse(raw) {
      const texts = items.parse(raw);
      const all = texts.ok ? texts.value.map(read) : [];
      const isGood = texts.ok && all.every((key) => key.length === bytes);
      return isGood ? accept(all) : refuse(`keys of ${bytes} bytes each, in hexadecimal or base64`);
    },
  };
}

/** A YAML list, or text with commas between the items. */
export function list(initial: readonly string[], help: string): Setting<readonly string[]> {
  return {
    kind: 'list',
    initial,
    help,
    secret: false,
    parse(raw) {
      if (typeof raw === 'string') return accept(raw === '' ? [] : raw.split(',').map((item) => item.trim()));
      const items: readonly unknown[] = Array.isArray(raw) ? raw : [undefined];
      return items.every((item) => typeof item === 'string') ? accept(items) : refuse('a list of texts');
    },
  };
}

export function flag(initial: boolean, help: string): Setting<boolean> {
  return {
    kind: 'true | false',
    initial,
    help,
    secret: false,
    parse(raw) {
      if (raw === true || raw === 'true') return accept(true);
      return raw === false || raw === 'false' ? accept(false) : refuse('true or false');
    },
  };
}
