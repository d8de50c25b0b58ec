// TR-069 A.4.1.5: the CPE sends a file.
import { string, text, unsignedInt } from './field.ts';
import { defineCpeRpc } from './rpc.ts';
import { transferStatus } from './structs.ts';

export const Upload = defineCpeRpc({
  name: 'Upload',
  since: 0,
  changing: true,
  request: {
    CommandKey: string(32),
    FileType: string(64),
    URL: string(256),
    Username: text(256),
    Password: text(256),
    DelaySeconds: unsignedInt,
  },
  response: transferStatus,
});
