// IPPing (TR-181 Device.IP.Diagnostics.IPPing., TR-098 IPPingDiagnostics.).
import { addressOf, between, countOf, failed, isUnresolvable, type Diagnostic } from './diagnostic.ts';

export const ipPing: Diagnostic = ({ input, random }) => {
  const host = input('Host');
  if (isUnresolvable(host)) return failed('Error_CannotResolveHostName');
  const repetitions = countOf(input('NumberOfRepetitions'), 3);
  const times = Array.from({ length: repetitions }, () => between(random, 4_000, 24_000));
  const least = Math.min(...times);
  const most = Math.max(...times);
  const average = Math.round(times.reduce((sum, time) => sum + time, 0) / times.length);
  const milliseconds = (microseconds: number): string => String(Math.round(microseconds / 1000));
  return {
    state: 'Complete',
    values: {
      IPAddressUsed: addressOf(host),
      SuccessCount: String(repetitions),
      FailureCount: '0',
      AverageResponseTime: milliseconds(average),
      MinimumResponseTime: milliseconds(least),
      MaximumResponseTime: milliseconds(most),
      AverageResponseTimeDetailed: String(average),
      MinimumResponseTimeDetailed: String(least),
      MaximumResponseTimeDetailed: String(most),
    },
    tables: {},
  };
};
