// TR-069 A.3.2.8: the CPE fetches a file and applies it.
import { string, text, unsignedInt } from './field.ts';
import { defineCpeRpc } from './rpc.ts';
import { transferStatus } from './structs.ts';

export const Download = defineCpeRpc({
  name: 'Download',
  since: 0,
  changing: true,
  request: {
    CommandKey: string(32),
    FileType: string(64),
    URL: string(256),
    Username: text(256),
    Password: text(256),
    FileSize: unsignedInt,
    TargetFileName: string(256),
    DelaySeconds: unsignedInt,
    SuccessURL: string(256),
    FailureURL: string(256),
  },
  response: transferStatus,
});
