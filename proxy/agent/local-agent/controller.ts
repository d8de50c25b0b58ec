// Device.LocalAgent.Controller.{i}.: who may speak to this Agent. Rows come from the tenant's template: a Controller that
// the listener lets in has the same row in every Agent.
import { ALIAS, type LocalObject, parameter } from './definition.ts';

export const CONTROLLER_TABLE = 'Device.LocalAgent.Controller.';

export const CONTROLLER: LocalObject = {
  path: `${CONTROLLER_TABLE}{i}.`,
  creatable: false,
  deletable: false,
  uniqueKeys: [
    { functional: true, names: ['EndpointID'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    { ...ALIAS, access: 'readOnly' },
    parameter('EndpointID'),
    parameter('Enable', { type: { base: 'boolean' }, initial: 'true' }),
    parameter('ControllerCode', { access: 'readWrite', type: { base: 'string', lengths: [{ maximum: 128 }] } }),
    parameter('ProvisioningCode', { access: 'readWrite', type: { base: 'string', lengths: [{ maximum: 64 }] } }),
  ],
  events: [],
};
