// Device.FactoryReset(): the FactoryReset RPC, which has no key: the BOOTSTRAP that follows is taken for its effect.
import { answered, notAtHand } from './answers.ts';
import type { Command } from './commands.ts';

export const factoryReset: Command = async (model, _path, { command_key, args }, { rebootGraceMs }) => {
  const access = model.cpe?.access;
  if (access === undefined) return notAtHand;
  const answer = await access.change({
    method: 'FactoryReset',
    request: () => ({}),
    snapshot: { kind: 'none' },
    quiet: { reason: 'factory-reset', until: access.now() + rebootGraceMs },
    expectedBoot: {
      command_key,
      cause: args.get('Cause') ?? 'RemoteFactoryReset',
      reason: args.get('Reason') ?? '',
    },
  });
  return answered('FactoryReset', answer);
};
