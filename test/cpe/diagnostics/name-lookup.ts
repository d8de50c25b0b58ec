// NSLookupDiagnostics: one result for each repetition.
import { addressOf, between, countOf, isUnresolvable, type Diagnostic } from './diagnostic.ts';

export const nameLookup: Diagnostic = ({ input, random }) => {
  const host = input('HostName');
  const server = input('DNSServer') === '' ? '192.0.2.53' : input('DNSServer');
  const known = !isUnresolvable(host);
  const results = Array.from({ length: countOf(input('NumberOfRepetitions'), 1) }, () => ({
    Status: known ? 'Success' : 'Error_HostNameNotResolved',
    AnswerType: known ? 'NonAuthoritative' : 'None',
    HostNameReturned: known ? host : '',
    IPAddresses: known ? addressOf(host) : '',
    DNSServerIP: server,
    ResponseTime: String(between(random, 2, 40)),
  }));
  return {
    state: 'Complete',
    values: { SuccessCount: String(known ? results.length : 0) },
    tables: { Result: results },
  };
};
