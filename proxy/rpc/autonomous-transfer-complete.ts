// TR-069 A.3.3.3: the end of a transfer that the ACS did not ask for.
import { boolean, dateTime, string, unsignedInt } from './field.ts';
import { defineRpc } from './rpc.ts';
import { FaultStruct } from './structs.ts';

export const AutonomousTransferComplete = defineRpc({
  name: 'AutonomousTransferComplete',
  since: 1,
  request: {
    AnnounceURL: string(1024),
    TransferURL: string(1024),
    IsDownload: boolean,
    FileType: string(64),
    FileSize: unsignedInt,
    TargetFileName: string(256),
    FaultStruct,
    StartTime: dateTime,
    CompleteTime: dateTime,
  },
  response: {},
});
