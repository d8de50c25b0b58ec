// Device.LocalAgent.MTP.{i}.: how Controllers reach this Agent. One row, the gateway's WebSocket listener.
import { ALIAS, aliasFor, type LocalObject, parameter } from './definition.ts';

export const MTP: LocalObject = {
  path: 'Device.LocalAgent.MTP.{i}.',
  creatable: false,
  deletable: false,
  uniqueKeys: [{ functional: false, names: ['Alias'] }],
  parameters: [
    { ...ALIAS, access: 'readOnly', made: () => aliasFor(1) },
    parameter('Enable', { type: { base: 'boolean' }, made: () => 'true' }),
    parameter('Status', { made: () => 'Up' }),
    parameter('Protocol', { made: () => 'WebSocket' }),
  ],
  events: [],
  fixedRows: [1],
};
