// What one entry of `controllers` may say.
import { list, secret, type Setting, text } from './kinds.ts';
import { type Section, sections } from './sections.ts';

const controllerFields = {
  endpointId: text('', 'Endpoint ID of a Controller; with * at its end: of all that begin so.'),
  token: secret('Bearer token that it presents, of at least 16 characters.'),
  tokenSha256: secret('In place of the token: its SHA-256, in hexadecimal.'),
  ca: text(
    '',
    'Where it has a client certificate: file with the CAs (PEM) one of which must have signed that; any of http.tls.ca ' +
      'where it is empty. With it, endpointId may be * alone.',
  ),
  roles: list([], 'Roles that it has by that (ControllerTrust.Role.{i}.Name); without any it is not trusted.'),
  tenant: text('', 'Tenant that it belongs to; empty: the common one.'),
};

export type ControllerConfig = Section<typeof controllerFields>;

export const controllers = (help: string): Setting<readonly ControllerConfig[]> =>
  sections(controllerFields, ['endpointId'], help);
