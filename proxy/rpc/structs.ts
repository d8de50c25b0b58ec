// Structs that more than one RPC uses (TR-069 A.3).
import {
  arrayOf,
  boolean,
  dateTime,
  int,
  parameterValue,
  string,
  struct,
  text,
  unsignedInt,
  type ValuesOf,
} from './field.ts';

export const DeviceIdStruct = struct('DeviceIdStruct', {
  Manufacturer: string(64),
  OUI: string(6),
  ProductClass: string(64),
  SerialNumber: string(64),
});
export const EventStruct = struct('EventStruct', { EventCode: string(64), CommandKey: string(32) });
export const ParameterValueStruct = struct('ParameterValueStruct', { Name: string(256), Value: parameterValue });
export const ParameterInfoStruct = struct('ParameterInfoStruct', { Name: string(256), Writable: boolean });
export const FaultStruct = struct('FaultStruct', { FaultCode: unsignedInt, FaultString: text(256) });
export const ParameterList = arrayOf(ParameterValueStruct);

/** What Download and Upload answer: 0 the transfer is done, with its times; 1 it is not, and TransferComplete follows. */
export const transferStatus = { Status: int, StartTime: dateTime, CompleteTime: dateTime } as const;
/** What became of one operation on a deployment unit (A.4.1.10, A.4.2.3). */
export const operationResult = {
  UUID: string(36),
  DeploymentUnitRef: string(),
  Version: string(32),
  CurrentState: string(),
  Resolved: boolean,
  ExecutionUnitRefList: string(),
  StartTime: dateTime,
  CompleteTime: dateTime,
  Fault: FaultStruct,
} as const;

export type DeviceId = ValuesOf<typeof DeviceIdStruct.fields>;
export type Event = ValuesOf<typeof EventStruct.fields>;
export type ParameterValueItem = ValuesOf<typeof ParameterValueStruct.fields>;
export type ParameterInfo = ValuesOf<typeof ParameterInfoStruct.fields>;
export type FaultInfo = ValuesOf<typeof FaultStruct.fields>;
