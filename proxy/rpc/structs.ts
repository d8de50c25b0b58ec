// Structs that more than one RPC uses (TR-069 A.3).
import { arrayOf, boolean, parameterValue, string, struct, unsignedInt, type ValuesOf } from './field.ts';

export const DeviceIdStruct = struct('DeviceIdStruct', {
  Manufacturer: string(64),
  OUI: string(6),
  ProductClass: string(64),
  SerialNumber: string(64),
});
export const EventStruct = struct('EventStruct', { EventCode: string(64), CommandKey: string(32) });
export const ParameterValueStruct = struct('ParameterValueStruct', { Name: string(256), Value: parameterValue });
export const ParameterInfoStruct = struct('ParameterInfoStruct', { Name: string(256), Writable: boolean });
export const FaultStruct = struct('FaultStruct', { FaultCode: unsignedInt, FaultString: string(256) });
export const ParameterList = arrayOf(ParameterValueStruct);

export type DeviceId = ValuesOf<typeof DeviceIdStruct.fields>;
export type Event = ValuesOf<typeof EventStruct.fields>;
export type ParameterValueItem = ValuesOf<typeof ParameterValueStruct.fields>;
export type ParameterInfo = ValuesOf<typeof ParameterInfoStruct.fields>;
export type FaultInfo = ValuesOf<typeof FaultStruct.fields>;
