// Device.LocalAgent.Controller.{i}.: who may speak to this Agent. A Controller that a listener lets in has a row in the
// tenant's template, the same in every Agent; one that is added here is this Agent's alone.
import { rowOf } from '../../../path/concrete.ts';
import { codes } from '../../../usp/codes.ts';
import { isEndpointId } from '../../../usp/endpoint-id.ts';
import { ADD_MY_CERTIFICATE } from '../certificate/add-certificate.ts';
import { checkCertificates } from '../certificate/certificate.ts';
import { checkRoles, roleReference } from '../controller-trust/paths.ts';
import {
  ALIAS,
  BOOLEAN,
  LIST,
  type LocalFacts,
  type LocalObject,
  type LocalProblem,
  numberOfEntries,
  parameter,
  text,
  UNSIGNED,
  within,
} from '../definition.ts';
import type { RowValues } from '../rows.ts';
import { SUBSCRIPTION_TABLE } from '../subscription.ts';
import { CONTROLLER_TABLE } from './controller-table.ts';
import { SEND_ON_BOARD_REQUEST } from './send-on-board-request.ts';
import { inheritedRoleNames, inheritedRoles } from './inherited-role.ts';

/** Rows of one table of one Agent. */
const MOST_CONTROLLERS = 10_000;

/** A value of a row that is no parameter: the Controller was trusted on first use. */
export const FIRST_USE = 'firstUse';

/**
 * Instance number of the row of an Endpoint ID: what this Agent alone says of a Controller counts before the template. But who
 * was trusted on first use is not the one whom the Agent had meant by that name: it has what it was given then (R-SEC.6).
 */
export function controllerNumber(facts: LocalFacts, endpointId: string): number | undefined {
  let last: number | undefined;
  for (const number of facts.rowsOf(CONTROLLER_TABLE)) {
    const row = facts.valuesOf(CONTROLLER_TABLE, number);
    if (row?.['EndpointID'] !== endpointId) continue;
    if (row[FIRST_USE] === 'true') return number;
    last = number;
  }
  return last;
}

/** The row that a reference (`Device.LocalAgent.Controller.3`, with or without its last dot) names. */
export function controllerReferred(facts: LocalFacts, reference: string): RowValues | undefined {
  if (!reference.startsWith(CONTROLLER_TABLE)) return undefined;
  return facts.valuesOf(CONTROLLER_TABLE, Number(reference.slice(CONTROLLER_TABLE.length).replace(/\.$/, '')));
}

function checkEndpointId(value: string): LocalProblem | undefined {
  return isEndpointId(value) ? undefined : { code: codes.invalidValue, why: 'not an Endpoint ID (R-ARC.2a)' };
}

/** Subscriptions hang on it, and what waits for the Controller. */
function checkRow(row: RowValues, before: RowValues | undefined): LocalProblem | undefined {
  if (row['EndpointID'] === '')
    return { code: codes.invalidValue, why: 'a Controller has an EndpointID', parameter: 'EndpointID' };
  if (before !== undefined && before['EndpointID'] !== row['EndpointID']) {
    const why = 'EndpointID cannot change once it is set: add another Controller';
    return { code: codes.nonWriteableParameter, why, parameter: 'EndpointID' };
  }
  return undefined;
}

/** Of a Controller that goes, its Subscriptions go (TP-469 1.78). */
function subscriptionsOf(facts: LocalFacts, controller: string): readonly string[] {
  const recipient = controller.replace(/\.$/, '');
  return facts
    .rowsOf(SUBSCRIPTION_TABLE)
    .filter((number) => facts.valuesOf(SUBSCRIPTION_TABLE, number)?.['Recipient']?.replace(/\.$/, '') === recipient)
    .map((number) => rowOf(SUBSCRIPTION_TABLE, number));
}

export const CONTROLLER: LocalObject = {
  path: `${CONTROLLER_TABLE}{i}.`,
  creatable: true,
  deletable: true,
  uniqueKeys: [
    { functional: true, names: ['EndpointID'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    ALIAS,
    parameter('EndpointID', { access: 'readWrite', type: text(256), check: checkEndpointId }),
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('ControllerCode', { access: 'readWrite', type: text(128) }),
    parameter('ProvisioningCode', { access: 'readWrite', type: text(64) }),
    parameter('AssignedRole', { access: 'readWrite', type: LIST, isReference: true, check: checkRoles }),
    parameter('InheritedRole', {
      type: LIST,
      isReference: true,
      made: (facts, row) => inheritedRoles(facts, inheritedRoleNames(row)).map(roleReference).join(','),
    }),
    parameter('Credential', { access: 'readWrite', type: LIST, isReference: true, check: checkCertificates }),
    parameter('PeriodicNotifInterval', {
      access: 'readWrite',
      type: UNSIGNED,
      initial: String(24 * 60 * 60),
      check: within(1),
    }),
    parameter('PeriodicNotifTime', {
      access: 'readWrite',
      type: { base: 'dateTime' },
      initial: '0001-01-01T00:00:00Z',
    }),
    parameter('USPNotifRetryMinimumWaitInterval', {
      access: 'readWrite',
      type: UNSIGNED,
      initial: '5',
      check: within(1, 65_535),
    }),
    parameter('USPNotifRetryIntervalMultiplier', {
      access: 'readWrite',
      type: UNSIGNED,
      initial: '2000',
      check: within(1000, 65_535),
    }),
    parameter('OnBoardingComplete', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('OnBoardingRestartTime', { access: 'readWrite', type: UNSIGNED, initial: '0' }),
    numberOfEntries('MTPNumberOfEntries', 'MTP'),
    numberOfEntries('BootParameterNumberOfEntries', 'BootParameter'),
  ],
  events: [],
  commands: [SEND_ON_BOARD_REQUEST, ADD_MY_CERTIFICATE],
  checkRow,
  dependents: subscriptionsOf,
  cap: () => MOST_CONTROLLERS,
};
