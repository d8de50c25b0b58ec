// When a device is given credentials of its own, and when others.
import t from 'tap';
import { isDue, mayHaveOwn, type Moment } from '../../../proxy/device/credentials/due.ts';
import { makePair, openPairs } from '../../../proxy/device/credentials/pair.ts';
import { createKeyRing } from '../../../proxy/device/credentials/sealing.ts';
import { systemRandomness } from '../../../proxy/operate/clock.ts';
import type { StoredCredentials, StoredPair } from '../../../proxy/store/credential-steps.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const key = { tenant: 'default', device: '02C0DE-Router-1' };
const ring = createKeyRing(new Uint8Array(32).fill(1));
const pair = (agoMs = 0): StoredPair => makePair(ring, key.device, NOW - agoMs, systemRandomness);

function due(credentials: Partial<StoredCredentials>, moment: Partial<Moment> = {}, now = ring): boolean {
  const record = { key, credentials: { current: undefined, next: undefined, ...credentials } };
  const shown: Moment['shown'] = { kind: 'shared' };
  const whole = { shown, eventCodes: ['2 PERIODIC'], now: NOW, maxAgeMs: undefined, ...moment };
  return isDue(record, openPairs(now, record), whole);
}
const own = { shown: { kind: 'own', pair: 'x' } } as const;

t.test('who has none is given some, whatever it reports first (quirk 26)', async (t) => {
  t.ok(due({}));
  t.ok(due({}, { eventCodes: ['1 BOOT'] }));
});

t.test('who is being given some has a day to show them, unless it starts anew', async (t) => {
  t.notOk(due({ next: pair(HOUR) }));
  t.ok(due({ next: pair(25 * HOUR) }));
  t.ok(due({ next: pair(HOUR) }, { eventCodes: ['1 BOOT', '0 BOOTSTRAP'] }));
  t.notOk(due({ current: pair(), next: pair(HOUR) }, own));
});

t.test('who has its own keeps it', async (t) => {
  t.notOk(due({ current: pair() }, own));
  t.notOk(due({ current: pair() }, { ...own, eventCodes: ['0 BOOTSTRAP'] }), 'it still has it after a new ACS URL');
  t.ok(due({ current: pair() }), 'unless it came without');
});

t.test('until it is too old, or sealed under a key that is to go', async (t) => {
  t.notOk(due({ current: pair(HOUR) }, { ...own, maxAgeMs: 2 * HOUR }));
  t.ok(due({ current: pair(2 * HOUR) }, { ...own, maxAgeMs: 2 * HOUR }));
  const later = createKeyRing(new Uint8Array(32).fill(2), new Uint8Array(32).fill(1));
  t.ok(due({ current: pair() }, own, later));
});

t.test('not every device can have its own', async (t) => {
  t.ok(mayHaveOwn(key.device, '1', 'cpe'));
  t.notOk(mayHaveOwn(key.device, ' ', 'cpe'), 'it is known by its user name');
  t.notOk(mayHaveOwn(key.device, '1', key.device), 'its name is taken');
  t.notOk(mayHaveOwn('x'.repeat(257), '1', 'cpe'));
});
