// The Supported Data Model as a Controller may see it: what it may not read is not in it (R-GSP.0).
import type { SupportedModel, SupportedObject } from '../../mapping/supported.ts';
import { RAW_PLACE } from '../../mapping/rules/mirror.ts';
import { isRaw } from './raw-place.ts';
import type { Rights } from './rights.ts';

interface Seen {
  readonly supported: SupportedModel;
  readonly rights: Rights;
}

export function shownModel({ supported, rights }: Seen): SupportedModel {
  if (rights.all && !rights.raw) return withoutRaw(supported);
  const objects = new Map<string, SupportedObject>();
  for (const [path, object] of supported.objects) {
    if (!rights.object(path).r) continue;
    objects.set(path, {
      ...object,
      parameters: only(object.parameters, (name) => rights.param(path + name).r),
      commands: only(object.commands, (name) => rights.command(path + name).r),
      events: only(object.events, (name) => rights.command(path + name).r),
    });
  }
  return { objects };
}

const cleared = new WeakMap<SupportedModel, SupportedModel>();

function withoutRaw(supported: SupportedModel): SupportedModel {
  if (!supported.objects.has(RAW_PLACE)) return supported;
  const known = cleared.get(supported) ?? { objects: new Map([...supported.objects].filter(([path]) => !isRaw(path))) };
  cleared.set(supported, known);
  return known;
}

const only = <T>(all: ReadonlyMap<string, T>, isShown: (name: string) => boolean): ReadonlyMap<string, T> =>
  new Map([...all].filter(([name]) => isShown(name)));
