// All objects of Device.LocalAgent., and what the Supported Data Model says of them.
import type { SupportedObject } from '../../mapping/supported.ts';
import { CERTIFICATE } from './certificate/certificate.ts';
import { BOOT_PARAMETER } from './controller/boot-parameter.ts';
import { CONTROLLER } from './controller/controller.ts';
import { E2E_SESSION } from './controller/e2e-session.ts';
import { CONTROLLER_MTP, CONTROLLER_WEB_SOCKET } from './controller/mtp.ts';
import { TRANSFER_COMPLETE_POLICY } from './controller/transfer-complete-policy.ts';
import { CHALLENGE } from './controller-trust/challenge.ts';
import { CONTROLLER_TRUST } from './controller-trust/controller-trust.ts';
import { CREDENTIAL } from './controller-trust/credential.ts';
import { PERMISSION } from './controller-trust/permission.ts';
import { ROLE } from './controller-trust/role.ts';
import type { LocalObject } from './definition.ts';
import { MTP, MTP_WEB_SOCKET } from './mtp.ts';
import { REQUEST } from './request.ts';
import { ROOT } from './root.ts';
import { SUBSCRIPTION } from './subscription.ts';

/** In the order in which they are shown. */
const OBJECTS: readonly LocalObject[] = [
  ROOT,
  MTP,
  MTP_WEB_SOCKET,
  CONTROLLER,
  CONTROLLER_MTP,
  CONTROLLER_WEB_SOCKET,
  BOOT_PARAMETER,
  TRANSFER_COMPLETE_POLICY,
  E2E_SESSION,
  CERTIFICATE,
  CONTROLLER_TRUST,
  ROLE,
  PERMISSION,
  CREDENTIAL,
  CHALLENGE,
  SUBSCRIPTION,
  REQUEST,
];

export const LOCAL_OBJECTS: ReadonlyMap<string, LocalObject> = new Map(OBJECTS.map((object) => [object.path, object]));

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
      commands: new Map(object.commands?.map((command) => [command.name, command])),
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
