// Device.LocalAgent.Controller.{i}.MTP.{i}.: how this Agent reaches a Controller by itself; one row a protocol.
import { codes } from '../../../usp/codes.ts';
import {
  ALIAS,
  BOOLEAN,
  type LocalObject,
  type LocalProblem,
  oneOf,
  parameter,
  type RowRequest,
  text,
  UNSIGNED,
  within,
} from '../definition.ts';
import type { RowValues } from '../rows.ts';
import { RETRY_PARAMETERS } from './retry-parameters.ts';
import { CURRENT_RETRY_COUNT, RESET } from './session.ts';

/** What this gateway speaks towards Controllers (LocalAgent.SupportedProtocols). */
export const PROTOCOLS = ['WebSocket'] as const;

const orderOf = (row: RowValues): number => Number(row['Order'] ?? 0);

/** A row without an Order comes last (facts: usp-localagent-model §3). */
function complete(row: RowValues, { others }: RowRequest): RowValues {
  if (orderOf(row) > 0) return row;
  return { ...row, Order: String(1 + Math.max(0, ...others.map(orderOf))) };
}

export const CONTROLLER_MTP: LocalObject = {
  path: 'Device.LocalAgent.Controller.{i}.MTP.{i}.',
  creatable: true,
  deletable: true,
  uniqueKeys: [
    { functional: true, names: ['Protocol'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    ALIAS,
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('Protocol', { access: 'readWrite', initial: PROTOCOLS[0], check: oneOf(PROTOCOLS) }),
    parameter('Order', { access: 'readWrite', type: UNSIGNED, initial: '0', check: within(1) }),
  ],
  events: [],
  complete,
  cap: () => PROTOCOLS.length,
};

/** Nothing that would end the host name or the path where a URL is made of them. */
const checkHost = (value: string): LocalProblem | undefined =>
  /^[A-Za-z0-9.:_-]*$/.test(value) ? undefined : { code: codes.invalidValue, why: 'a host name or an address' };

const checkPath = (value: string): LocalProblem | undefined =>
  /^[\x21-\x7e]*$/.test(value) && !/[?#]/.test(value)
    ? undefined
    : { code: codes.invalidValue, why: 'a path of printable ASCII, without ? and #' };

export const CONTROLLER_WEB_SOCKET: LocalObject = {
  path: 'Device.LocalAgent.Controller.{i}.MTP.{i}.WebSocket.',
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  parameters: [
    parameter('Host', { access: 'readWrite', type: text(256), check: checkHost }),
    parameter('Port', { access: 'readWrite', type: UNSIGNED, initial: '443', check: within(1, 65_535) }),
    parameter('Path', { access: 'readWrite', type: text(1024), check: checkPath }),
    parameter('EnableEncryption', { access: 'readWrite', type: BOOLEAN, initial: 'true' }),
    parameter('KeepAliveInterval', { access: 'readWrite', type: UNSIGNED, initial: '30', check: within(1) }),
    CURRENT_RETRY_COUNT,
    ...RETRY_PARAMETERS,
  ],
  events: [],
  commands: [RESET],
};
