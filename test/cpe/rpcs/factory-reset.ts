// TR-069 A.4.1.6: back to the factory's state, once the session has ended.
import { defineRpc, respond } from './rpc.ts';

export const factoryReset = defineRpc({
  method: 'FactoryReset',
  fields: [],
  read: () => ({}),
  paths: () => [],
  answer: (_, device) => {
    device.factoryReset();
    return respond();
  },
});
