// The time windows of Activate(): what is taken, and when the next try is.
import t from 'tap';
import { nextTurn, type Window, windowsFrom } from '../../../proxy/agent/firmware/windows.ts';

const NOW = 1_000_000;
const FOREVER = 9_000_000;
const given = (...windows: readonly Readonly<Record<string, string>>[]): ReadonlyMap<string, string> =>
  new Map(
    windows.flatMap((window, index) =>
      Object.entries(window).map(([name, value]) => [`TimeWindow.${index + 1}.${name}`, value] as const),
    ),
  );
const from = (...windows: readonly Readonly<Record<string, string>>[]): ReturnType<typeof windowsFrom> =>
  windowsFrom(given(...windows), NOW, FOREVER);
const ANY = { Start: '10', End: '20', Mode: 'AnyTime' };

t.test('without any: now', async (t) => {
  t.same(from(), { ok: true, windows: [{ start: NOW, end: NOW + FOREVER, retries: 0 }] });
});

t.test('seconds from now, in order of time, with their retries', async (t) => {
  const later = { Start: '30', End: '4000000000', Mode: 'Immediately', MaxRetries: '-1', UserMessage: 'soon' };
  t.same(from(later, { ...ANY, MaxRetries: '10' }), {
    ok: true,
    windows: [
      { start: NOW + 10_000, end: NOW + 20_000, retries: 10 },
      { start: NOW + 30_000, end: NOW + 4_000_000_000_000, retries: 2 },
    ],
  });
});

t.test('what is missing is an argument that is missing', async (t) => {
  for (const name of ['Start', 'End', 'Mode']) {
    const { [name]: _, ...rest } = { ...ANY } as Record<string, string>;
    t.match(from(rest), { ok: false, missing: true, why: new RegExp(name) });
  }
});

t.test('what cannot be is refused', async (t) => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ ...ANY, Mode: 'WhenIdle' }, /WhenIdle is not supported/],
    [{ ...ANY, Mode: 'ConfirmationNeeded' }, /ConfirmationNeeded is not supported/],
    [{ ...ANY, Mode: 'anytime' }, /AnyTime or Immediately/],
    [{ ...ANY, Start: '20' }, /before End/],
    [{ ...ANY, Start: '-1' }, /seconds/],
    [{ ...ANY, End: '4294967296' }, /seconds/],
    [{ ...ANY, MaxRetries: '11' }, /-1 to 10/],
    [{ ...ANY, MaxRetries: '-2' }, /-1 to 10/],
  ];
  for (const [window, why] of cases) t.match(from(window), { ok: false, missing: false, why });
  t.match(from(ANY, { ...ANY, Start: '19', End: '30' }), { ok: false, why: /overlap/ });
  t.match(from(...Array.from({ length: 6 }, () => ANY)), { ok: false, why: /at most 5/ });
});

t.test('the next try: in the window while there are retries and time, then in the next', async (t) => {
  const windows: readonly Window[] = [
    { start: NOW, end: NOW + 200_000, retries: 1 },
    { start: NOW + 500_000, end: NOW + 600_000, retries: 0 },
  ];
  t.same(nextTurn(windows, { index: 0, tries: 0 }, NOW), { kind: 'wait', index: 0, tries: 0, at: NOW });
  t.same(nextTurn(windows, { index: 0, tries: 1 }, NOW), { kind: 'wait', index: 0, tries: 1, at: NOW + 60_000 });
  const next = { kind: 'wait', index: 1, tries: 0, at: NOW + 500_000 };
  t.same(nextTurn(windows, { index: 0, tries: 2 }, NOW), next, 'no retry is left');
  t.same(nextTurn(windows, { index: 0, tries: 1 }, NOW + 190_000), next, 'there is no time for it');
  t.same(nextTurn(windows, { index: 0, tries: 0 }, NOW + 200_000), next, 'nobody was there to begin');
  t.same(nextTurn(windows, { index: 1, tries: 1 }, NOW + 500_000), { kind: 'over' });
  t.same(nextTurn([], { index: 0, tries: 0 }, NOW), { kind: 'over' }, 'it is only kept');
});
