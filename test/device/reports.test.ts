import t from 'tap';
import { reportDigest } from '../../proxy/device/reports.ts';

const transfer = (CommandKey: string, CompleteTime = '2026-01-01T00:00:01Z') => ({
  method: 'TransferComplete' as const,
  value: {
    CommandKey,
    FaultStruct: { FaultCode: 0, FaultString: '' },
    StartTime: '2026-01-01T00:00:00Z',
    CompleteTime,
  },
});

t.test('a digest is short, however large the report', async (t) => {
  t.match(reportDigest(transfer('k'.repeat(100_000)), 1), /^[\w-]{22}$/);
});

t.test('ended work is the same in whatever session; another key or time is other work', async (t) => {
  t.equal(reportDigest(transfer('k'), 1), reportDigest(transfer('k'), 2));
  const all = [transfer('k'), transfer('l'), transfer('k', '2026-01-01T00:00:02Z')].map((it) => reportDigest(it, 1));
  t.equal(new Set(all).size, 3);
  for (const method of [
    'AutonomousTransferComplete',
    'DUStateChangeComplete',
    'AutonomousDUStateChangeComplete',
  ] as const) {
    t.equal(reportDigest({ method, value: {} }, 1), reportDigest({ method, value: {} }, 2), method);
  }
});

t.test('a kick or a wish for a download is new in another session', async (t) => {
  for (const method of ['Kicked', 'RequestDownload'] as const) {
    const report = { method, value: {} };
    t.equal(reportDigest(report, 1), reportDigest(report, 1));
    t.not(reportDigest(report, 1), reportDigest(report, 2));
  }
});
