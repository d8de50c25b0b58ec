// Device.FactoryReset(): the FactoryReset RPC, which has no key: the BOOTSTRAP that follows is taken for its effect.
import { answered, notAtHand } from './answers.ts';
import type { Command } from './commands.ts';
import { announced } from './restart.ts';

export const factoryReset: Command = async (model, _path, operation, { rebootGraceMs }) => {
  const access = model.cpe?.access;
  if (access === undefined) return notAtHand;
  const announcement = announced(operation, ['RemoteFactoryReset', 'LocalFactoryReset']);
  if ('failure' in announcement) return announcement.failure;
  const answer = await access.change({
    method: 'FactoryReset',
    request: () => ({}),
    snapshot: { kind: 'none' },
    quiet: { reason: 'factory-reset', until: access.now() + rebootGraceMs },
    expectedBoot: announcement.boot,
  });
  return answered('FactoryReset', answer);
};
