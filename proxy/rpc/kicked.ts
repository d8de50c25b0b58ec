// TR-069 A.4.2.1: a browser was sent to the CPE to have it call the ACS; the answer says where the browser goes next.
import { string, text } from './field.ts';
import { defineRpc } from './rpc.ts';

export const Kicked = defineRpc({
  name: 'Kicked',
  since: 0,
  request: { Command: string(32), Referer: string(64), Arg: text(256), Next: string(1024) },
  response: { NextURL: string(1024) },
});
