// Device.Reboot(): the Reboot RPC. The CPE starts anew when the session ends; its BOOT then carries our CommandKey, by
// which Boot! learns the Controller's own key, cause and reason.
import { answered, notAtHand } from './answers.ts';
import type { Command } from './commands.ts';
import { announced } from './restart.ts';

export const reboot: Command = async (model, _path, operation, { rebootGraceMs }) => {
  const access = model.cpe?.access;
  if (access === undefined) return notAtHand;
  const announcement = announced(operation, ['RemoteReboot', 'LocalReboot']);
  if ('failure' in announcement) return announcement.failure;
  const answer = await access.change({
    method: 'Reboot',
    request: (CommandKey) => ({ CommandKey }),
    snapshot: { kind: 'none' },
    quiet: { reason: 'reboot', until: access.now() + rebootGraceMs },
    expectedBoot: announcement.boot,
  });
  return answered('Reboot', answer);
};
