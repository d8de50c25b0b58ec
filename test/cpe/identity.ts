// The factory state of one device: the shared dump with this device's identity and its way to the ACS written in.
import { withParameters } from './dump.ts';
import type { DeviceId } from './inform.ts';
import type { CpeOptions } from './options.ts';
import { parameterAt, type ObjectNode } from './tree.ts';

export interface Identity {
  readonly deviceId: DeviceId;
  readonly factory: ObjectNode;
}

export function identify(options: CpeOptions): Identity {
  const { dump, connectionRequest, credentials } = options;
  const info = `${dump.root}DeviceInfo.`;
  const server = `${dump.root}ManagementServer.`;
  const from = (name: string): string => parameterAt(dump.top, `${info}${name}`)?.value ?? '';
  const deviceId: DeviceId = {
    manufacturer: options.deviceId?.manufacturer ?? from('Manufacturer'),
    oui: options.deviceId?.oui ?? from('ManufacturerOUI'),
    productClass: options.deviceId?.productClass ?? from('ProductClass'),
    serialNumber: options.deviceId?.serialNumber ?? from('SerialNumber'),
  };
  const listens = connectionRequest === undefined || connectionRequest === false ? {} : connectionRequest;
  const readOnly: Readonly<Record<string, string>> = {
    [`${info}Manufacturer`]: deviceId.manufacturer,
    [`${info}ManufacturerOUI`]: deviceId.oui,
    [`${info}ProductClass`]: deviceId.productClass,
    [`${info}SerialNumber`]: deviceId.serialNumber,
    [`${server}ConnectionRequestURL`]: '',
    [`${server}ParameterKey`]: '',
    ...(options.stun !== undefined && {
      [`${server}UDPConnectionRequestAddress`]: '',
      [`${server}NATDetected`]: 'false',
    }),
    ...(options.xmpp !== undefined && { [`${server}ConnReqJabberID`]: '' }),
  };
  const writable: Readonly<Record<string, string>> = {
    [`${server}URL`]: options.acsUrl,
    [`${server}Username`]: credentials?.username ?? '',
    [`${server}Password`]: credentials?.password ?? '',
    [`${server}ConnectionRequestUsername`]: listens.username ?? '',
    [`${server}ConnectionRequestPassword`]: listens.password ?? '',
    ...(options.xmpp !== undefined && { [`${server}ConnReqAllowedJabberIDs`]: '' }),
    ...options.values,
  };
  const factory = withParameters(withParameters(dump.top, readOnly), writable, true);
  return { deviceId, factory };
}
