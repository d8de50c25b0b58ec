// Booleans as a CPE takes them: xsd:boolean has four literals, and CPEs that know only one pair of them (quirk 30). Pure.
import type { BooleanLiterals } from '../profile/profile.ts';
import type { CpeMethodName, CpeRequest } from '../rpc/methods.ts';

const LITERALS: Readonly<Record<BooleanLiterals, Readonly<Record<string, string>>>> = {
  digits: { true: '1', false: '0' },
  words: { '1': 'true', '0': 'false' },
};

/** The request with the booleans that it sets in the CPE's literals. */
export function withBooleanLiterals<N extends CpeMethodName>(
  method: N,
  request: CpeRequest<N>,
  literals: BooleanLiterals,
): CpeRequest<N> {
  if (method !== 'SetParameterValues') return request;
  const set = request as CpeRequest<'SetParameterValues'>;
  const ParameterList = set.ParameterList.map((setting) =>
    setting.Type === 'boolean' ? { ...setting, Value: LITERALS[literals][setting.Value] ?? setting.Value } : setting,
  );
  return { ...set, ParameterList } as unknown as CpeRequest<N>;
}
