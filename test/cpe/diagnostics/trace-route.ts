// TraceRoute: hops of documentation addresses on the way to the host. TR-098 names the columns of a hop otherwise, so a
// row carries both spellings; only those the model has are written.
import { addressOf, between, countOf, failed, isUnresolvable, type Diagnostic } from './diagnostic.ts';

export const traceRoute: Diagnostic = ({ input, random }) => {
  const host = input('Host');
  if (isUnresolvable(host)) return failed('Error_CannotResolveHostName');
  const tries = countOf(input('NumberOfTries'), 3);
  const distance = between(random, 3, 6);
  if (distance > countOf(input('MaxHopCount'), 30)) return failed('Error_MaxHopCountExceeded');
  const hops = Array.from({ length: distance }, (_, index) => {
    const last = index === distance - 1;
    const address = last ? addressOf(host) : `192.0.2.${index + 1}`;
    const name = last ? host : `hop-${index + 1}.example.net`;
    const times = Array.from({ length: tries }, () => between(random, 2 * index + 1, 4 * index + 6)).join(',');
    return {
      Host: name,
      HostAddress: address,
      ErrorCode: '0',
      RTTimes: times,
      HopHost: name,
      HopHostAddress: address,
      HopErrorCode: '0',
      HopRTTimes: times,
    };
  });
  return {
    state: 'Complete',
    values: { IPAddressUsed: addressOf(host), ResponseTime: hops.at(-1)?.RTTimes.split(',')[0] ?? '0' },
    tables: { RouteHops: hops },
  };
};
