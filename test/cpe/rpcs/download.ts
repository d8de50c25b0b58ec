// TR-069 A.3.2.8: fetch a file and apply it.
import { isFault, readArguments } from './arguments.ts';
import { defineRpc } from './rpc.ts';
import { acceptTransfer } from './transfer.ts';

const FIELDS = {
  CommandKey: 'string',
  FileType: 'string',
  URL: 'string',
  Username: 'string',
  Password: 'string',
  FileSize: 'unsignedInt',
  TargetFileName: 'string',
  DelaySeconds: 'unsignedInt',
  SuccessURL: 'string',
  FailureURL: 'string',
} as const;

export const download = defineRpc({
  method: 'Download',
  fields: Object.keys(FIELDS),
  read: (request) => {
    const args = readArguments(request, FIELDS);
    if (isFault(args)) return args;
    return {
      commandKey: args.CommandKey,
      isDownload: true,
      fileType: args.FileType,
      url: args.URL,
      username: args.Username,
      password: args.Password,
      fileSize: args.FileSize,
      targetFileName: args.TargetFileName,
      delaySeconds: args.DelaySeconds,
    };
  },
  paths: () => [],
  answer: acceptTransfer,
});
