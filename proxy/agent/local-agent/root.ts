// Device.LocalAgent.: what the gateway says of itself as this device's Agent.
import { LIST, type LocalObject, numberOfEntries, parameter, UNSIGNED, within } from './definition.ts';
import { ADD_CERTIFICATE } from './certificate/add-certificate.ts';
import { FINGERPRINT_ALGORITHMS } from './certificate/read-certificate.ts';
import { PROTOCOLS } from './controller/mtp.ts';

export const LOCAL_ROOT = 'Device.LocalAgent.';

export const isLocal = (path: string): boolean => path.startsWith(LOCAL_ROOT);

export const ROOT: LocalObject = {
  path: LOCAL_ROOT,
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  parameters: [
    parameter('EndpointID', { made: ({ record }) => record.identity.endpointId }),
    parameter('SoftwareVersion', { made: ({ settings }) => settings.softwareVersion }),
    // An Agent starts anew when its CPE boots, never when a node of the gateway does (DESIGN mechanism 5).
    parameter('UpTime', {
      type: UNSIGNED,
      valueChange: 'WILL_IGNORE',
      made: ({ record, now }) => String(Math.max(0, Math.floor((now - record.bootAt) / 1000))),
    }),
    parameter('SupportedProtocols', { type: LIST, made: () => PROTOCOLS.join(',') }),
    parameter('SupportedFingerprintAlgorithms', { type: LIST, made: () => FINGERPRINT_ALGORITHMS.join(',') }),
    parameter('AdvertisedDeviceSubtypes', {
      access: 'readWrite',
      type: { base: 'string', list: {}, lengths: [{ maximum: 256 }] },
    }),
    parameter('MaxSubscriptionChangeAdoptionTime', {
      access: 'readWrite',
      type: UNSIGNED,
      initial: '5',
      check: within(5),
    }),
    parameter('SupportedNumberOfSubscriptions', {
      type: { base: 'int' },
      made: ({ settings }) => String(settings.subscriptionCap),
    }),
    numberOfEntries('MTPNumberOfEntries', 'MTP'),
    numberOfEntries('ControllerNumberOfEntries', 'Controller'),
    numberOfEntries('CertificateNumberOfEntries', 'Certificate'),
    numberOfEntries('SubscriptionNumberOfEntries', 'Subscription'),
    numberOfEntries('RequestNumberOfEntries', 'Request'),
  ],
  commands: [ADD_CERTIFICATE],
  events: [
    { name: 'Periodic!', arguments: [] },
    { name: 'WakeUp!', arguments: [] },
    {
      name: 'TransferComplete!',
      arguments: [
        'Command',
        'CommandKey',
        'Requestor',
        'TransferType',
        'Affected',
        'TransferURL',
        'StartTime',
        'CompleteTime',
        'FaultCode',
        'FaultString',
        'CheckSumAlgorithm',
        'CheckSum',
      ],
    },
  ],
};
