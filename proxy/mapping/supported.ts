// The Supported Data Model as the agent sees it, wherever a part of it comes from: a CPE through its view, or the agent's
// own objects. Paths are generalised (`Device.WiFi.SSID.{i}.`), objects end in a dot.
import type { ValueType } from '../path/value-type.ts';

export interface SupportedParameter {
  readonly name: string;
  /** writeOnceReadOnly can be given when its object is created, and not changed later. */
  readonly access: 'readOnly' | 'readWrite' | 'writeOnceReadOnly';
  readonly type: ValueType;
  readonly valueChange: 'ALLOWED' | 'WILL_IGNORE';
  /** Shown as '' to a Controller without a secured role. */
  readonly secured: boolean;
  /** The value is the path of an object, which may be given by a unique key (R-ARC.11). */
  readonly isReference: boolean;
}

export interface SupportedCommand {
  /** With its parentheses: `Reboot()`. */
  readonly name: string;
  readonly type: 'SYNC' | 'ASYNC';
  readonly inputs: readonly { readonly name: string; readonly mandatory: boolean }[];
  readonly outputs: readonly string[];
}

export interface SupportedEvent {
  /** With its exclamation mark: `Boot!`. */
  readonly name: string;
  readonly arguments: readonly string[];
}

export interface UniqueKey {
  readonly functional: boolean;
  readonly names: readonly string[];
}

export interface SupportedObject {
  readonly path: string;
  readonly multi: boolean;
  readonly creatable: boolean;
  readonly deletable: boolean;
  readonly uniqueKeys: readonly UniqueKey[];
  /** The parameter that switches a row on: rows that are off may share their functional keys. */
  readonly enableParameter: string | undefined;
  readonly parameters: ReadonlyMap<string, SupportedParameter>;
  readonly commands: ReadonlyMap<string, SupportedCommand>;
  readonly events: ReadonlyMap<string, SupportedEvent>;
  /** Paths of the objects directly below. */
  readonly children: readonly string[];
}

export interface SupportedModel {
  readonly objects: ReadonlyMap<string, SupportedObject>;
}

/** Names that make up any unique key of an object, each once. */
export const keyNames = (object: SupportedObject): readonly string[] => [
  ...new Set(object.uniqueKeys.flatMap((key) => key.names)),
];

/** The row object of a table given without its `{i}.`, or the object itself. */
export const objectOrRow = (model: SupportedModel, path: string): SupportedObject | undefined =>
  model.objects.get(path) ?? model.objects.get(`${path}{i}.`);
