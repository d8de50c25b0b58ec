// All objects of Device.LocalAgent., and what the Supported Data Model says of them.
import type { SupportedObject } from '../../mapping/supported.ts';
import { CONTROLLER } from './controller.ts';
import type { LocalObject } from './definition.ts';
import { MTP } from './mtp.ts';
import { ROOT } from './root.ts';
import { SUBSCRIPTION } from './subscription.ts';

export const LOCAL_OBJECTS: ReadonlyMap<string, LocalObject> = new Map(
  [ROOT, MTP, CONTROLLER, SUBSCRIPTION].map((object) => [object.path, object]),
);

const isRow = (path: string): boolean => path.endsWith('{i}.');

export const LOCAL_SUPPORTED: ReadonlyMap<string, SupportedObject> = new Map(
  [...LOCAL_OBJECTS.values()].map((object) => [
    object.path,
    {
      path: object.path,
      multi: isRow(object.path),
      creatable: object.creatable,
      deletable: object.deletable,
      uniqueKeys: object.uniqueKeys,
      enableParameter: undefined,
      parameters: new Map(object.parameters.map((parameter) => [parameter.name, parameter])),
      commands: new Map(),
      events: new Map(object.events.map((event) => [event.name, event])),
      children: [...LOCAL_OBJECTS.keys()].filter(
        (path) => path !== object.path && path.startsWith(object.path) && isDirectChild(path.slice(object.path.length)),
      ),
    },
  ]),
);

function isDirectChild(below: string): boolean {
  return /^[^.]+\.(?:\{i\}\.)?$/.test(below);
}
