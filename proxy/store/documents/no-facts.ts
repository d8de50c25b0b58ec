// What is known of a device before anything has been said of it.
import type { DeviceFacts } from '../device-steps.ts';

export const NO_FACTS: DeviceFacts = {
  root: '',
  SoftwareVersion: '',
  HardwareVersion: '',
  dataModel: '',
  ConnectionRequestURL: '',
  UDPConnectionRequestAddress: '',
  NATDetected: '',
  ConnReqJabberID: '',
  ParameterKey: '',
  cwmpVersion: 0,
  sourceAddress: '',
  username: '',
};
