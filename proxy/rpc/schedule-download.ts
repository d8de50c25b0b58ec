// TR-069 A.4.1.8: a download within one or two windows of time.
import { arrayOf, int, string, struct, text, unsignedInt } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

/** WindowStart and WindowEnd in seconds from the request; MaxRetries -1 leaves the number to the CPE. */
export const TimeWindowStruct = struct('TimeWindowStruct', {
  WindowStart: unsignedInt,
  WindowEnd: unsignedInt,
  WindowMode: string(64),
  UserMessage: text(256),
  MaxRetries: int,
});

export const ScheduleDownload = defineCpeRpc({
  name: 'ScheduleDownload',
  since: 2,
  changing: true,
  request: {
    CommandKey: string(32),
    FileType: string(64),
    URL: string(256),
    Username: text(256),
    Password: text(256),
    FileSize: unsignedInt,
    TargetFileName: string(256),
    TimeWindowList: arrayOf(TimeWindowStruct),
  },
  response: {},
});
