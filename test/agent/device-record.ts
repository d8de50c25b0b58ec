// A stored device as the agent reads it, with what a test says of it.
import type { DeviceRecord } from '../../proxy/store/device-steps.ts';

export const START = Date.UTC(2026, 0, 1);

export const recordOf = (known: Partial<DeviceRecord> = {}): DeviceRecord => ({
  key: { tenant: 'default', device: '02CA05-MN20-1' },
  identity: {
    Manufacturer: 'Meadow Networks',
    OUI: '02CA05',
    ProductClass: 'MN20',
    SerialNumber: '1',
    endpointId: 'ops::02CA05-MN20-1',
  },
  facts: {
    root: 'Device.',
    SoftwareVersion: '3.2.1',
    HardwareVersion: '1.4',
    dataModel: '2.15',
    ConnectionRequestURL: '',
    ParameterKey: '',
    cwmpVersion: 0,
    sourceAddress: '127.0.0.1',
    username: '',
  },
  createdAt: START,
  informAt: START,
  informEvents: [],
  bootAt: START,
  epoch: 1,
  owner: undefined,
  version: 1,
  tree: undefined,
  local: '',
  localVersion: 0,
  ledger: '',
  parking: '',
  methods: [],
  quiet: undefined,
  expectedBoot: undefined,
  wake: undefined,
  attachments: [],
  waiting: 0,
  lastEvent: 0,
  pendingEvents: [],
  inDoubt: undefined,
  keysSeen: false,
  ...known,
});
