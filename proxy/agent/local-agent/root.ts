// Device.LocalAgent.: what the gateway says of itself as this device's Agent.
import { type LocalObject, numberOfEntries, parameter } from './definition.ts';

export const LOCAL_ROOT = 'Device.LocalAgent.';

export const isLocal = (path: string): boolean => path.startsWith(LOCAL_ROOT);

export const ROOT: LocalObject = {
  path: LOCAL_ROOT,
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  parameters: [
    parameter('EndpointID', { made: ({ record }) => record.identity.endpointId }),
    parameter('SoftwareVersion', { made: ({ softwareVersion }) => softwareVersion }),
    // An Agent starts anew when its CPE boots, never when a node of the gateway does (DESIGN mechanism 5).
    parameter('UpTime', {
      type: { base: 'unsignedInt' },
      valueChange: 'WILL_IGNORE',
      made: ({ record, now }) => String(Math.max(0, Math.floor((now - record.bootAt) / 1000))),
    }),
    parameter('SupportedProtocols', { type: { base: 'string', list: {} }, made: () => 'WebSocket' }),
    parameter('AdvertisedDeviceSubtypes', { type: { base: 'string', list: {} } }),
    numberOfEntries('MTPNumberOfEntries', 'Device.LocalAgent.MTP.'),
    numberOfEntries('ControllerNumberOfEntries', 'Device.LocalAgent.Controller.'),
    numberOfEntries('SubscriptionNumberOfEntries', 'Device.LocalAgent.Subscription.'),
  ],
  events: [],
};
