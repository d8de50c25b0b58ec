// Device.LocalAgent.Subscription.{i}. (R-NOT.0): what a Controller wants to be told of this device.
import { parsePath } from '../../path/parse.ts';
import { codes } from '../../usp/codes.ts';
import { parseTriggerSettings } from '../subscriptions/trigger-config.ts';
import { pathsOf } from '../path-list.ts';
import { ALIAS, BOOLEAN, LIST, type LocalObject, type LocalProblem, oneOf, parameter, UNSIGNED } from './definition.ts';
import type { RowValues } from './rows.ts';

export const SUBSCRIPTION_TABLE = 'Device.LocalAgent.Subscription.';

const NOTIF_TYPES = ['ValueChange', 'ObjectCreation', 'ObjectDeletion', 'OperationComplete', 'Event'] as const;
export type NotifType = (typeof NOTIF_TYPES)[number];

const LONGEST_REFERENCE = 256;

export interface Subscription {
  readonly number: number;
  readonly enabled: boolean;
  /** Path of the Controller's row. */
  readonly recipient: string;
  readonly id: string;
  readonly notifType: string;
  readonly references: readonly string[];
  readonly retry: boolean;
  readonly createdAt: number;
  /** Seconds; 0 for ever. */
  readonly timeToLive: number;
  readonly notifExpiration: number;
  readonly persistent: boolean;
  readonly triggerAction: TriggerAction;
  readonly triggerConfigSettings: string;
}

const TRIGGER_ACTIONS = ['Notify', 'Config', 'NotifyAndConfig'] as const;
export type TriggerAction = (typeof TRIGGER_ACTIONS)[number];

export function subscriptionOf(number: number, row: RowValues): Subscription {
  return {
    number,
    enabled: row['Enable'] === 'true',
    recipient: row['Recipient'] ?? '',
    id: row['ID'] ?? '',
    notifType: row['NotifType'] ?? '',
    references: pathsOf(row['ReferenceList'] ?? ''),
    retry: row['NotifRetry'] === 'true',
    createdAt: Date.parse(row['CreationDate'] ?? ''),
    timeToLive: Number(row['TimeToLive'] ?? 0),
    notifExpiration: Number(row['NotifExpiration'] ?? 0),
    persistent: row['Persistent'] === 'true',
    triggerAction: TRIGGER_ACTIONS.find((action) => action === row['TriggerAction']) ?? 'Notify',
    triggerConfigSettings: row['TriggerConfigSettings'] ?? '',
  };
}

function checkReferences(value: string): LocalProblem | undefined {
  for (const reference of pathsOf(value)) {
    if (reference.length > LONGEST_REFERENCE)
      return { code: codes.invalidValue, why: `a reference is over ${LONGEST_REFERENCE} characters` };
    const parsed = parsePath(reference);
    if (!parsed.ok)
      return { code: codes.invalidValue, why: `a reference is no path: ${parsed.why} at ${parsed.position}` };
  }
  return undefined;
}

const checkTriggerSettings = (value: string): LocalProblem | undefined =>
  parseTriggerSettings(value) === undefined
    ? { code: codes.invalidValue, why: 'up to 16 of <parameter>=<value>, with texts in double quotes' }
    : undefined;

/** A non-functional key does not change (R-KEY.1), and what a Subscription is about does not either. */
const FIXED = ['ID', 'Recipient', 'ReferenceList'];

function checkRow(row: RowValues, before: RowValues | undefined): LocalProblem | undefined {
  const changed = FIXED.find(
    (name) => before?.[name] !== undefined && before[name] !== '' && before[name] !== row[name],
  );
  if (changed !== undefined) {
    return { code: codes.nonWriteableParameter, why: `${changed} cannot change once it is set`, parameter: changed };
  }
  if (row['Enable'] === 'true' && (row['NotifType'] === '' || row['ReferenceList'] === '')) {
    const why = 'an enabled Subscription has a NotifType and a ReferenceList';
    return { code: codes.invalidValue, why, parameter: 'Enable' };
  }
  return undefined;
}

export const SUBSCRIPTION: LocalObject = {
  path: `${SUBSCRIPTION_TABLE}{i}.`,
  creatable: true,
  deletable: true,
  uniqueKeys: [
    { functional: false, names: ['Alias'] },
    { functional: false, names: ['Recipient', 'ID'] },
  ],
  parameters: [
    ALIAS,
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('Recipient', { isReference: true, type: { base: 'string', equality: 'path' } }),
    parameter('ID', { access: 'readWrite', type: { base: 'string', lengths: [{ minimum: 1, maximum: 64 }] } }),
    parameter('CreationDate', { type: { base: 'dateTime' } }),
    parameter('NotifType', { access: 'readWrite', check: oneOf(NOTIF_TYPES) }),
    parameter('ReferenceList', { access: 'readWrite', type: LIST, check: checkReferences }),
    parameter('Persistent', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('TimeToLive', { access: 'readWrite', type: UNSIGNED, initial: '0' }),
    parameter('NotifRetry', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('NotifExpiration', { access: 'readWrite', type: UNSIGNED, initial: '0' }),
    parameter('TriggerAction', { access: 'readWrite', initial: 'Notify', check: oneOf(TRIGGER_ACTIONS) }),
    parameter('TriggerConfigSettings', { access: 'readWrite', check: checkTriggerSettings }),
  ],
  events: [],
  complete: (values, { controllerPath, now, freeName }) => ({
    ...values,
    Recipient: controllerPath.replace(/\.$/, ''),
    CreationDate: `${new Date(now).toISOString().slice(0, 19)}Z`,
    ID: values['ID'] === undefined || values['ID'] === '' ? freeName('ID') : values['ID'],
  }),
  checkRow,
  cap: ({ subscriptionCap }) => subscriptionCap,
};
