// TR-069 A.4.1.10: deployment units are installed, updated, uninstalled; DUStateChangeComplete tells the results.
import { oneOf, optional, repeated, string, struct, text } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const InstallOpStruct = struct('InstallOpStruct', {
  URL: string(1024),
  UUID: optional(string(36)),
  Username: optional(text(256)),
  Password: optional(text(256)),
  ExecutionEnvRef: optional(string(256)),
});
/** Without UUID and URL all deployment units are updated. */
export const UpdateOpStruct = struct('UpdateOpStruct', {
  UUID: optional(string(36)),
  Version: optional(string(32)),
  URL: optional(string(1024)),
  Username: optional(text(256)),
  Password: optional(text(256)),
});
export const UninstallOpStruct = struct('UninstallOpStruct', {
  UUID: string(36),
  Version: optional(string(32)),
  ExecutionEnvRef: optional(string(256)),
});

export const ChangeDUState = defineCpeRpc({
  name: 'ChangeDUState',
  since: 2,
  changing: true,
  request: {
    Operations: repeated(oneOf(InstallOpStruct, UpdateOpStruct, UninstallOpStruct)),
    CommandKey: string(32),
  },
  response: {},
});
