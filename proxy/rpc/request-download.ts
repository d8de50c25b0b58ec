// TR-069 A.4.2.2: the CPE asks to be sent a Download.
import { arrayOf, string, struct, text } from './field.ts';
import { defineRpc } from './rpc.ts';

export const ArgStruct = struct('ArgStruct', { Name: string(64), Value: text(256) });

export const RequestDownload = defineRpc({
  name: 'RequestDownload',
  since: 0,
  request: { FileType: string(64), FileTypeArg: arrayOf(ArgStruct) },
  response: {},
});
