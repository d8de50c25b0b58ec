// What is sealed opens under any key of the ring, for its own device, and is nothing else.
import fc from 'fast-check';
import t from 'tap';
import { createKeyRing, seal, unseal } from '../../../proxy/device/credentials/sealing.ts';
import { systemRandomness } from '../../../proxy/operate/clock.ts';

const keyOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const ring = createKeyRing(keyOf(1));
const RUNS = { numRuns: 300 };

t.test('it opens as it was, for its device only', async (t) => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'binary' }), fc.string(), (device, text, other) => {
      const box = seal(ring, device, text, systemRandomness);
      t.match(box, /^1\.[0-9a-f]{8}\.[\w-]+$/);
      const opened = unseal(ring, device, box);
      if (!opened.ok || opened.text !== Buffer.from(text, 'utf8').toString('utf8') || !opened.isFresh) return false;
      return other === device || !unseal(ring, other, box).ok;
    }),
    RUNS,
  );
});

t.test('no two boxes are alike', async (t) => {
  const boxes = Array.from({ length: 50 }, () => seal(ring, 'd', 'text', systemRandomness));
  t.equal(new Set(boxes).size, boxes.length);
  t.notMatch(boxes.join(' '), 'text');
});

t.test('one that was changed anywhere is broken', async () => {
  const box = seal(ring, 'd', 'the text of it', systemRandomness);
  const bytes = Buffer.from(box.split('.')[2] ?? '', 'base64url');
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ change;
      const opened = unseal(ring, 'd', `${box.slice(0, 11)}${changed.toString('base64url')}`);
      return !opened.ok && opened.reason === 'broken';
    }),
    RUNS,
  );
  fc.assert(
    fc.property(fc.nat({ max: box.length - 1 }), (length) => !unseal(ring, 'd', box.slice(0, length)).ok),
    RUNS,
  );
});

t.test('anything else is broken, or under a key that is not known; it never throws', async (t) => {
  t.same(unseal(createKeyRing(keyOf(2)), 'd', seal(ring, 'd', '', systemRandomness)), {
    ok: false,
    reason: 'unknown-key',
  });
  for (const box of ['', '.', '..', '1..', '2.00000000.AAAA', 'null']) {
    t.same(unseal(ring, 'd', box), { ok: false, reason: 'broken' });
  }
  fc.assert(
    fc.property(fc.string(), (box) => !unseal(ring, 'd', box).ok),
    RUNS,
  );
});

t.test('keys are changed by putting the new one first', async (t) => {
  const old = seal(ring, 'd', 'text', systemRandomness);
  const both = createKeyRing(keyOf(2), keyOf(1));
  t.same(unseal(both, 'd', old), { ok: true, text: 'text', isFresh: false });
  const fresh = seal(both, 'd', 'text', systemRandomness);
  t.same(unseal(both, 'd', fresh), { ok: true, text: 'text', isFresh: true });
  t.same(unseal(createKeyRing(keyOf(2)), 'd', fresh), { ok: true, text: 'text', isFresh: true });
  t.same(unseal(ring, 'd', fresh), { ok: false, reason: 'unknown-key' });
});
