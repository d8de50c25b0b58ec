// TR-069 A.4.1.6: the CPE falls back to its factory state once the session has ended; nothing but the next Inform tells.
import { defineCpeRpc } from './rpc.ts';

export const FactoryReset = defineCpeRpc({
  name: 'FactoryReset',
  since: 0,
  changing: true,
  request: {},
  response: {},
});
