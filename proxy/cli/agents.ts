// Which device a person means: by Endpoint ID, device id, serial number, or the beginning or end of one of them.
import { callApi, fieldOf, listOf, textOf } from './api.ts';
import { distance } from './nearest.ts';
import { misused, type Failure, type Result, success } from './outcome.ts';
import { alignColumns } from './output/columns.ts';
import { printable } from './output/printable.ts';
import type { Settings } from './settings.ts';

export interface KnownDevice {
  readonly id: string;
  readonly endpointId: string;
  readonly SerialNumber: string;
  readonly Manufacturer: string;
  readonly ProductClass: string;
}

/** Largest page of the API. */
const PAGE = 1000;
const MOST_SHOWN = 10;

export type Choice =
  | { readonly kind: 'one'; readonly device: KnownDevice }
  | { readonly kind: 'several'; readonly candidates: readonly KnownDevice[] }
  /** `near`: what may have been meant. */
  | { readonly kind: 'none'; readonly near: readonly KnownDevice[] };

const namesOf = ({ id, endpointId, SerialNumber }: KnownDevice): readonly string[] => [id, endpointId, SerialNumber];

/** A whole name wins over a part of one, so that a device never becomes unnameable by another's coming. Pure. */
export function chooseDevice(devices: readonly KnownDevice[], text: string): Choice {
  const lower = text.toLowerCase();
  const matching = (test: (name: string) => boolean): readonly KnownDevice[] =>
    devices.filter((device) => namesOf(device).some((name) => test(name.toLowerCase())));
  const whole = devices.filter((device) => namesOf(device).includes(text));
  const found = whole.length > 0 ? whole : matching((name) => name.startsWith(lower) || name.endsWith(lower));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return { kind: 'one', device: first };
  if (first !== undefined) return { kind: 'several', candidates: found };
  const within = matching((name) => name.includes(lower));
  return { kind: 'none', near: within.length > 0 ? within : slips(devices, lower) };
}

/** Devices with a name, or an end of one, that a slip of the hand makes of the text. */
function slips(devices: readonly KnownDevice[], lower: string): readonly KnownDevice[] {
  const limit = Math.max(1, Math.floor(lower.length / 4));
  const isNear = (name: string): boolean =>
    distance(lower, name.slice(-lower.length)) <= limit || distance(lower, name.slice(0, lower.length)) <= limit;
  return devices.filter((device) => namesOf(device).some((name) => isNear(name.toLowerCase())));
}

function known(value: unknown): KnownDevice {
  return {
    id: textOf(value, 'id'),
    endpointId: textOf(value, 'endpointId'),
    SerialNumber: textOf(value, 'SerialNumber'),
    Manufacturer: textOf(value, 'Manufacturer'),
    ProductClass: textOf(value, 'ProductClass'),
  };
}

/** Every device of the gateway, page by page, as the API describes it. */
export async function listDevices(settings: Settings): Promise<Result<readonly unknown[]>> {
  const devices: unknown[] = [];
  let after = '';
  for (;;) {
    const page = await callApi(settings, `/devices?limit=${PAGE}&after=${encodeURIComponent(after)}`);
    if (page.ok !== true) return page.ok === false ? page : misused(page.message);
    devices.push(...listOf(page.value, 'devices'));
    const next = fieldOf(page.value, 'next');
    // A page that leads back would be asked for ever.
    if (typeof next !== 'string' || next <= after) return success(devices);
    after = next;
  }
}

/** The device that `text` names; one look-up for a whole id, the list for everything else. */
export async function findDevice(settings: Settings, text: string): Promise<Result<KnownDevice>> {
  const id = text.replace(/^ops::/, '');
  if (id === '') return misused('an empty text names no device');
  const exact = await callApi(settings, `/devices/${encodeURIComponent(id)}`);
  if (exact.ok === true) return success(known(exact.value));
  if (exact.ok === false) return exact;
  const listed = await listDevices(settings);
  if (!listed.ok) return listed;
  const devices = listed.value.map(known);
  const choice = chooseDevice(devices, text);
  return choice.kind === 'one' ? success(choice.device) : notOne(text, choice, devices);
}

function notOne(
  text: string,
  choice: Exclude<Choice, { readonly kind: 'one' }>,
  devices: readonly KnownDevice[],
): Failure {
  const shown = printable(text);
  if (choice.kind === 'several') {
    return misused(`${shown} may be any of ${choice.candidates.length} devices:\n${lines(choice.candidates)}`);
  }
  if (choice.near.length > 0) return misused(`no device is called ${shown}; did you mean\n${lines(choice.near)}`);
  if (devices.length === 0) return misused(`no device is called ${shown}: none has come to this gateway yet`);
  return misused(`no device is called ${shown}; there are\n${lines(devices)}`);
}

function lines(devices: readonly KnownDevice[]): string {
  const rows = devices
    .slice(0, MOST_SHOWN)
    .map(({ id, Manufacturer, ProductClass }) => [`  ${printable(id)}`, printable(`${Manufacturer} ${ProductClass}`)]);
  const more = devices.length - rows.length;
  return [...alignColumns(rows), ...(more > 0 ? [`  and ${more} more`] : [])].join('\n');
}
