// TR-069 A.4.2.4: deployment units changed without a ChangeDUState.
import { repeated, string, struct } from './field.ts';
import { defineRpc } from './rpc.ts';
import { operationResult } from './structs.ts';

/** OperationPerformed: Install, Update, Uninstall, or a vendor's own. */
export const AutonOpResultStruct = struct('AutonOpResultStruct', { ...operationResult, OperationPerformed: string() });

export const AutonomousDUStateChangeComplete = defineRpc({
  name: 'AutonomousDUStateChangeComplete',
  since: 2,
  request: { Results: repeated(AutonOpResultStruct) },
  response: {},
});
