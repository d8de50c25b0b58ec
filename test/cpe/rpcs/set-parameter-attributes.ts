// TR-069 A.3.2.4: what the ACS wants to hear of. All or none; a partial path means every parameter below it now.
import type { Attributes, Notification } from '../attributes.ts';
import type { ParameterEntry } from '../data-model.ts';
import { fault, type Fault } from '../faults.ts';
import type { Element } from '../soap-read.ts';
import { isFault, readArguments, readItems, type Values } from './arguments.ts';
import { defineRpc, respond } from './rpc.ts';

const FIELDS = {
  Name: 'string',
  NotificationChange: 'boolean',
  Notification: 'int',
  AccessListChange: 'boolean',
} as const;

interface AttributeChange extends Values<typeof FIELDS> {
  readonly AccessList: readonly string[];
}

export const setParameterAttributes = defineRpc({
  method: 'SetParameterAttributes',
  fields: ['ParameterList'],
  read: (request) => {
    const items = readItems(request, 'ParameterList', 'SetParameterAttributesStruct');
    if (isFault(items)) return items;
    const changes: AttributeChange[] = [];
    for (const item of items) {
      const change = readChange(item);
      if (isFault(change)) return change;
      changes.push(change);
    }
    return { changes };
  },
  paths: ({ changes }) => changes.map(({ Name }) => Name),
  answer: ({ changes }, { model, attributes }) => {
    const accepted: [ParameterEntry, Partial<Attributes>][] = [];
    for (const change of changes) {
      const parameters = model.parameters(change.Name);
      if (parameters === undefined) return fault(9005);
      const notification = notificationOf(change.Notification);
      // 3 to 6 are Lightweight Notifications (cwmp-1-4), which this CPE does not have.
      if (change.NotificationChange && notification === undefined) return fault(9003, 'Notification');
      for (const entry of parameters) {
        const asksActive = change.NotificationChange && notification === 2;
        if (asksActive && entry.node.facets.notification === 'denied') return fault(9009);
        accepted.push([
          entry,
          {
            ...(change.NotificationChange && notification !== undefined && { notification }),
            ...(change.AccessListChange && { accessList: change.AccessList }),
          },
        ]);
      }
    }
    for (const [{ path, node }, change] of accepted) attributes.set(path, node.facets, change);
    return respond();
  },
});

function readChange(item: Element): AttributeChange | Fault {
  const values = readArguments(item, FIELDS);
  if (isFault(values)) return values;
  const accessList = readItems(item, 'AccessList', 'string');
  return isFault(accessList) ? accessList : { ...values, AccessList: accessList.map(({ text }) => text) };
}

const notificationOf = (value: number): Notification | undefined =>
  value === 0 || value === 1 || value === 2 ? value : undefined;
