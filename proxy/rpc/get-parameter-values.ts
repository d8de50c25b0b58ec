// TR-069 A.3.2.2: values of parameters, or of everything below a partial path.
import { strings } from './field.ts';
import { defineCpeRpc } from './rpc.ts';
import { ParameterList } from './structs.ts';

export const GetParameterValues = defineCpeRpc({
  name: 'GetParameterValues',
  since: 0,
  changing: false,
  request: { ParameterNames: strings(256) },
  response: { ParameterList },
});
