// Files and grants as the API shows them, and as it is asked for them. Pure.
import type { Blob, BlobAbout, PutRefusal } from '../store/blobs/blobs.ts';
import { isDeviceId } from '../usp/device-id.ts';

export interface FileDescription extends Omit<BlobAbout, 'device' | 'tenant' | 'shared'> {
  readonly id: string;
  readonly size: number;
  readonly checksums: Blob['checksums'];
  readonly storedAt: string;
  /** The device that uploaded it. */
  readonly device: string | null;
  /** How many devices have it in their banks, of an image that lives as long as one has; null of any other file. */
  readonly devices: number | null;
}

export const describeFile = (
  { id, size, checksums, storedAt, device, tenant: _, shared: __, ...about }: Blob,
  devices: number | null,
): FileDescription => ({
  id,
  ...about,
  size,
  checksums,
  storedAt: new Date(storedAt).toISOString(),
  device: device === '' ? null : device,
  devices,
});

export interface GrantDescription {
  readonly url: string;
  readonly expiresAt: string;
  readonly count: number;
}

export const describeGrant = (grant: {
  readonly url: string;
  readonly expiresAt: number;
  readonly count: number;
}): GrantDescription => ({
  url: grant.url,
  expiresAt: new Date(grant.expiresAt).toISOString(),
  count: grant.count,
});

export const PUT_REFUSALS: Readonly<Record<PutRefusal, { readonly status: 413 | 507; readonly message: string }>> = {
  'file-too-large': { status: 413, message: 'the file is larger than one may be (setting files.max)' },
  'total-full': { status: 507, message: 'all files together would be larger than they may be (setting files.total)' },
  'too-many-files': { status: 507, message: 'there are as many files as there may be' },
  'disk-full': { status: 507, message: 'the disk of data.dir has no room' },
};

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };
const wrong = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message });

const ABOUT = ['name', 'type', 'vendor', 'model', 'version'] as const;
const LONGEST_TEXT = 256;

/** `query`: by name, what the URL has; a name that stands twice has a list. */
export function readAbout(query: unknown): Read<BlobAbout> {
  const given = new Map(Object.entries({ ...(query as Readonly<Record<string, unknown>>) }));
  const texts = new Map<string, string>();
  for (const [name, value] of given) {
    if (!ABOUT.some((known) => known === name)) return wrong(`only ${ABOUT.join(', ')} are known, not ${name}`);
    if (typeof value !== 'string' || value.length > LONGEST_TEXT) {
      return wrong(`${name} is one text of at most ${LONGEST_TEXT} characters`);
    }
    texts.set(name, value);
  }
  const [name = '', fileType = '', vendor = '', model = '', version = ''] = ABOUT.map((key) => texts.get(key));
  if (name === '') return wrong('name is wanted: ?name=firmware.bin');
  return { ok: true, value: { name, fileType, vendor, model, version, device: '' } };
}

export interface GrantWish {
  /** '' where the URL is for anybody. */
  readonly device: string;
  readonly name: string;
  readonly fileType: string;
  readonly terms: {
    readonly validForMs?: number;
    readonly count?: number;
    readonly credentials?: { readonly username: string; readonly password: string };
  };
}

const WISHES = ['device', 'name', 'type', 'validFor', 'count', 'username', 'password'];
/** 30 days. */
const LONGEST_S = 2_592_000;
const MOST_USES = 1_000_000;

const isWhole = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;

/** `validFor` in seconds. A body that is not there wishes nothing special. */
export function readGrantWish(body: unknown): Read<GrantWish> {
  if (typeof (body ?? {}) !== 'object' || Array.isArray(body)) return wrong('a JSON object is wanted');
  const given = (body ?? {}) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((name) => !WISHES.includes(name));
  if (unknown !== undefined) return wrong(`only ${WISHES.join(', ')} are known, not ${unknown}`);
  const { device = '', name = '', type = '', validFor, count, username, password } = given;
  for (const [key, text] of Object.entries({ device, name, type, username, password })) {
    if (text !== undefined && (typeof text !== 'string' || text.length > LONGEST_TEXT))
      return wrong(`${key} is a text`);
  }
  if (device !== '' && !isDeviceId(String(device))) return wrong('device is a device id');
  if (validFor !== undefined && !isWhole(validFor, LONGEST_S)) return wrong(`validFor is 1 to ${LONGEST_S} seconds`);
  if (count !== undefined && !isWhole(count, MOST_USES)) return wrong(`count is a number from 1 to ${MOST_USES}`);
  if ((username === undefined) !== (password === undefined)) return wrong('username and password go together');
  const credentials = { username: String(username), password: String(password) };
  const terms = {
    ...(validFor !== undefined && { validForMs: validFor * 1000 }),
    ...(count !== undefined && { count }),
    ...(username !== undefined && { credentials }),
  };
  return { ok: true, value: { device: String(device), name: String(name), fileType: String(type), terms } };
}
