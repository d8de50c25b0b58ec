// TR-069 A.4.1.5: send a file.
import { isFault, readArguments } from './arguments.ts';
import { defineRpc } from './rpc.ts';
import { acceptTransfer } from './transfer.ts';

const FIELDS = {
  CommandKey: 'string',
  FileType: 'string',
  URL: 'string',
  Username: 'string',
  Password: 'string',
  DelaySeconds: 'unsignedInt',
} as const;

export const upload = defineRpc({
  method: 'Upload',
  fields: Object.keys(FIELDS),
  read: (request) => {
    const args = readArguments(request, FIELDS);
    if (isFault(args)) return args;
    return {
      commandKey: args.CommandKey,
      isDownload: false,
      fileType: args.FileType,
      url: args.URL,
      username: args.Username,
      password: args.Password,
      fileSize: 0,
      targetFileName: '',
      delaySeconds: args.DelaySeconds,
    };
  },
  paths: () => [],
  answer: acceptTransfer,
});
