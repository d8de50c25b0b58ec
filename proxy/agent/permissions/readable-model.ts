// The part of the Supported Data Model that a Controller may read: the rest is to it as if it were not supported (R-GSP.0).
import type { SupportedModel, SupportedObject } from '../../mapping/supported.ts';
import type { Rights } from './rights.ts';

const only = <T>(all: ReadonlyMap<string, T>, may: (name: string) => boolean): ReadonlyMap<string, T> =>
  new Map([...all].filter(([name]) => may(name)));

export function readableModel(model: SupportedModel, rights: Rights): SupportedModel {
  if (rights.all) return model;
  const objects = new Map<string, SupportedObject>();
  for (const [path, object] of model.objects) {
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
