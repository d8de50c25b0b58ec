// Device.LocalAgent.Controller.{i}.TransferCompletePolicy.: which ends of transfers the Controller wants to hear of.
import { type LocalObject, oneOf, parameter } from '../definition.ts';

export const TRANSFER_COMPLETE_POLICY: LocalObject = {
  path: 'Device.LocalAgent.Controller.{i}.TransferCompletePolicy.',
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  parameters: [
    parameter('ResultTypeFilter', {
      access: 'readWrite',
      initial: 'Both',
      check: oneOf(['Success', 'Failure', 'Both']),
    }),
  ],
  events: [],
};
