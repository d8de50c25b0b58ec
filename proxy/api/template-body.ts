// Bodies and headers by which a template is changed. Pure; whether the rows can be is none of its business.
import type { TemplateObjects } from '../agent/template/document.ts';
import type { TemplateChange } from '../agent/template/edit.ts';

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };
type Values = Readonly<Record<string, string>>;

const wrong = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message });

const asObject = (body: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Readonly<Record<string, unknown>>)
    : undefined;

/** Undefined for any version (no header, or `*`). */
export function readIfMatch(header: string | undefined): Read<number | undefined> {
  if (header === undefined || header.trim() === '*') return { ok: true, value: undefined };
  const version = /^\s*"(\d{1,15})"\s*$/.exec(header)?.[1];
  return version === undefined
    ? wrong('If-Match is one version, as ETag had it')
    : { ok: true, value: Number(version) };
}

/** `{ "objects": { "Device.LocalAgent.Controller.1.": { "EndpointID": "…" } } }`, whatever else a GET shows. */
export function readObjects(body: unknown): Read<TemplateObjects> {
  const objects = asObject(asObject(body)?.['objects']);
  if (objects === undefined) return wrong('objects are wanted: by concrete path, the values of each by name');
  const read = new Map<string, Values | null>();
  for (const [path, given] of Object.entries(objects)) {
    const values = given === null ? null : readValues(given);
    if (values === undefined) return wrong(`${path}: values are texts, numbers, true and false, by name`);
    read.set(path, values);
  }
  return { ok: true, value: Object.fromEntries(read) };
}

const SHAPES = 'each change is { add, values, number? }, { set, values } or { delete } with a concrete path';

/** `{ "changes": [{ "add": "Device.LocalAgent.Controller.", "values": { … } }, { "delete": "…" }] }`. */
export function readChanges(body: unknown): Read<readonly TemplateChange[]> {
  const given = asObject(body)?.['changes'];
  if (!Array.isArray(given)) return wrong(`changes are wanted: ${SHAPES}`);
  const changes = given.map(readChange);
  const good = changes.filter((change) => change !== undefined);
  return good.length === changes.length ? { ok: true, value: good } : wrong(SHAPES);
}

function readChange(given: unknown): TemplateChange | undefined {
  const { values: said, number, ...named } = asObject(given) ?? {};
  const values = readValues(said ?? {});
  const [[kind, path] = [], another] = Object.entries(named);
  if (typeof path !== 'string' || values === undefined || another !== undefined) return undefined;
  if (kind === 'add' && Number.isInteger(number)) return { kind, path, values, number: Number(number) };
  if (number !== undefined) return undefined;
  if (kind === 'add' || kind === 'set') return { kind, path, values };
  return kind === 'delete' && said === undefined ? { kind, path } : undefined;
}

function readValues(given: unknown): Values | undefined {
  const values = asObject(given);
  if (values === undefined) return undefined;
  const read = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    read.set(name, String(value));
  }
  return Object.fromEntries(read);
}
