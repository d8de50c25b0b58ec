// One minor version of the model: what has come by then and has not been deleted. Pure.
import { type AllVersions } from './parse-model.ts';
import {
  type Lifetime,
  type StandardCommand,
  type StandardEvent,
  type StandardObject,
  type StandardParameter,
} from './model.ts';

/** Look-ups by generalised path (`Device.WiFi.SSID.{i}.Enable`); what TR-181 does not know has no entry. */
export interface StandardModel {
  /** The N of Device:2.N. */
  readonly minor: number;
  /** All objects by path, in the standard's order. */
  readonly objects: ReadonlyMap<string, StandardObject>;
  readonly object: (path: string) => StandardObject | undefined;
  readonly parameter: (path: string) => StandardParameter | undefined;
  /** By `Device.Reboot()`. */
  readonly command: (path: string) => StandardCommand | undefined;
  /** By `Device.Boot!`. */
  readonly event: (path: string) => StandardEvent | undefined;
}

interface Living {
  readonly life: Lifetime;
}

/** What lives at a version; the very same array or map when that is all of it, so that versions share memory. */
function livingItems<T extends Living>(items: readonly T[], lives: (item: Living) => boolean): readonly T[] {
  return items.every(lives) ? items : items.filter(lives);
}

function livingEntries<T extends Living>(
  entries: ReadonlyMap<string, T>,
  lives: (item: Living) => boolean,
  reduce: (item: T) => T,
): ReadonlyMap<string, T> {
  let changed = false;
  for (const item of entries.values()) changed ||= !lives(item) || reduce(item) !== item;
  if (!changed) return entries;
  const kept = new Map<string, T>();
  for (const [name, item] of entries) if (lives(item)) kept.set(name, reduce(item));
  return kept;
}

function reduceCommand(command: StandardCommand, lives: (item: Living) => boolean): StandardCommand {
  const inputs = livingItems(command.inputs, lives);
  const outputs = livingItems(command.outputs, lives);
  return inputs === command.inputs && outputs === command.outputs ? command : { ...command, inputs, outputs };
}

function reduceEvent(event: StandardEvent, lives: (item: Living) => boolean): StandardEvent {
  const left = livingItems(event.arguments, lives);
  return left === event.arguments ? event : { ...event, arguments: left };
}

function reduceObject(
  object: StandardObject,
  all: AllVersions['objects'],
  lives: (item: Living) => boolean,
): StandardObject {
  const parameters = livingEntries(object.parameters, lives, (parameter) => parameter);
  const commands = livingEntries(object.commands, lives, (command) => reduceCommand(command, lives));
  const events = livingEntries(object.events, lives, (event) => reduceEvent(event, lives));
  const livesAt = (path: string): boolean => lives(all.get(path) ?? object);
  const children = object.children.every(livesAt) ? object.children : object.children.filter(livesAt);
  const same =
    parameters === object.parameters &&
    commands === object.commands &&
    events === object.events &&
    children === object.children;
  if (same) return object;
  // A key whose parameter is gone, or not yet there, identifies nothing.
  const uniqueKeys = object.uniqueKeys.filter(({ names }) => names.every((name) => parameters.has(name)));
  return { ...object, parameters, commands, events, children, uniqueKeys };
}

/**
 * Device:2.`minor`. The USP model begins at 2.12 and this one ends at the newest that it knows: an older CPE gets the
 * first, a newer one the last, because facts about what it does not have do no harm.
 */
export function modelAt(all: AllVersions, minor: number): StandardModel {
  const version = Math.min(Math.max(minor, all.oldest), all.newest);
  const lives = ({ life }: Living): boolean =>
    life.since <= version && (life.deleted === undefined || life.deleted > version);
  const objects = new Map<string, StandardObject>();
  for (const [path, object] of all.objects)
    if (lives(object)) objects.set(path, reduceObject(object, all.objects, lives));
  const ownerAndName = (path: string): [StandardObject | undefined, string] => {
    const end = path.lastIndexOf('.') + 1;
    return [objects.get(path.slice(0, end)), path.slice(end)];
  };
  return {
    minor: version,
    objects,
    object: (path) => objects.get(path),
    parameter: (path) => {
      const [owner, name] = ownerAndName(path);
      return owner?.parameters.get(name);
    },
    command: (path) => {
      const [owner, name] = ownerAndName(path);
      return owner?.commands.get(name);
    },
    event: (path) => {
      const [owner, name] = ownerAndName(path);
      return owner?.events.get(name);
    },
  };
}
