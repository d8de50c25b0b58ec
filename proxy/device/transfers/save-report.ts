// A report of the CPE's own is stored before it is answered, and with it the end of the transfer that it tells of. It may
// be acknowledged when this says `done` or `repeat`.
import type { AcsMethodName } from '../../rpc/methods.ts';
import type { DeviceKey } from '../../store/store.ts';
import type { TransferReport } from '../../store/transfer-steps.ts';
import { reportEvent, type ReportBody } from '../events.ts';
import { LARGEST_REPORT, reportDigest } from '../reports.ts';
import type { DeviceContext } from '../settings.ts';
import { toldBy } from './report.ts';

export type ReportTaken = 'done' | 'repeat' | 'stale' | 'too-large';
type Context = Pick<DeviceContext, 'store' | 'clock' | 'metrics' | 'log'>;

export async function saveReport(
  context: Context,
  key: DeviceKey,
  epoch: number,
  method: AcsMethodName,
  value: unknown,
): Promise<ReportTaken> {
  const { store, clock } = context;
  const report: ReportBody = { method, value };
  const at = clock.now();
  const event = reportEvent(at, report);
  if (Buffer.byteLength(event.body) > LARGEST_REPORT) return 'too-large';
  const digest = reportDigest(report, epoch);
  const tells = toldBy(report, at);
  if (tells === undefined) return store.devices.saveReport(key, epoch, digest, event);
  const saved = await store.transfers.saveTransferReport(key, epoch, digest, event, tells);
  count(context, key, tells, saved);
  return saved.kind === 'saved' ? 'done' : saved.kind;
}

function count(
  { metrics, log }: Context,
  { device }: DeviceKey,
  { end }: TransferReport,
  saved: Awaited<ReturnType<DeviceContext['store']['transfers']['saveTransferReport']>>,
): void {
  if (saved.kind !== 'saved') {
    metrics.count('transfer_report', saved.kind);
    return;
  }
  const { match } = saved;
  if (match.kind === 'none') {
    metrics.count('transfer_report', match.why);
    log.info({ device, why: match.why, FaultCode: end.FaultCode }, 'a report tells of no transfer that is pending');
    return;
  }
  metrics.count('transfer_report', match.kind);
  metrics.count('transfer', end.state);
}
