// DownloadDiagnostics and UploadDiagnostics (TR-143): a transfer that never happened, with times and counts that agree.
import {
  addressOf,
  between,
  countOf,
  failed,
  isUnresolvable,
  type Diagnostic,
  type DiagnosticRun,
} from './diagnostic.ts';

const MEGABYTE = 1_000_000;

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '');

/** The moments of one transfer, in the order in which they pass. */
function moments({ random, now }: DiagnosticRun): Readonly<Record<string, string>> {
  const duration = between(random, 200, 4_000);
  const begin = now - duration;
  const at = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000Z');
  return {
    TCPOpenRequestTime: at(begin - 30),
    TCPOpenResponseTime: at(begin - 15),
    ROMTime: at(begin - 10),
    BOMTime: at(begin),
    EOMTime: at(now),
  };
}

export const downloadTest: Diagnostic = (run) => {
  const host = hostOf(run.input('DownloadURL'));
  if (isUnresolvable(host)) return failed('Error_CannotResolveHostName');
  const bytes = between(run.random, MEGABYTE, 20 * MEGABYTE);
  return {
    state: 'Complete',
    values: {
      ...moments(run),
      IPAddressUsed: addressOf(host),
      TestBytesReceived: String(bytes),
      TotalBytesReceived: String(bytes + 40_000),
      TotalBytesSent: '60000',
    },
    tables: {},
  };
};

export const uploadTest: Diagnostic = (run) => {
  const host = hostOf(run.input('UploadURL'));
  if (isUnresolvable(host)) return failed('Error_CannotResolveHostName');
  const bytes = countOf(run.input('TestFileLength'), MEGABYTE);
  return {
    state: 'Complete',
    values: {
      ...moments(run),
      IPAddressUsed: addressOf(host),
      TestBytesSent: String(bytes),
      TotalBytesReceived: '40000',
      TotalBytesSent: String(bytes + 60_000),
    },
    tables: {},
  };
};
