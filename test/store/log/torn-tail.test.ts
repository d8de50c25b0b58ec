import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isUnfinishedWrite } from '../../../proxy/store/log/tail.ts';
import { END_OF_SEGMENT, finishFrame, frameBytes, frameSynced } from '../../../proxy/store/log/format.ts';
import { crashCopy, open, segmentFiles, text } from './fixture.ts';

/** Whether a frame claims to have been written when more of the file was synced than there was. */
function vouchesTooFar(file: Buffer): boolean {
  const salt = file.readUInt32LE(8);
  for (let at = 16; at < file.length; at += frameBytes(file, at, salt)) if (frameSynced(file, at) > at) return true;
  return false;
}

t.test('a last frame cut at any byte takes its whole batch with it, and nothing else', async (t) => {
  const folder = t.testdir({ live: {} });
  const log = await open(t, join(folder, 'live'));
  log.commit([
    { key: 'a', value: 'old' },
    { key: 'b', value: 'old' },
    { key: 'c', value: 'old' },
  ]);
  await log.flushed();
  const [source = ''] = segmentFiles(join(folder, 'live'));
  const before = readFileSync(source).length;
  log.commit([
    { key: 'a', value: 'new' },
    { key: 'b', value: undefined },
    { key: 'd', value: 'new', expiresAt: 8e15 },
  ]);
  await log.flushed();
  const whole = readFileSync(source);
  const crashed = crashCopy(join(folder, 'live'), join(folder, 'crashed'));
  const [file = ''] = segmentFiles(crashed);
  for (let length = before; length <= whole.length; length++) {
    writeFileSync(file, whole.subarray(0, length));
    const again = await open(t, crashed);
    const isWhole = length === whole.length;
    const state = ['a', 'b', 'c', 'd'].map((key) => text(again, key));
    t.same(state, isWhole ? ['new', undefined, 'old', 'new'] : ['old', 'old', 'old', undefined], `${length} bytes`);
    const isClean = isWhole || length === before;
    t.same(again.events, isClean ? [] : [{ kind: 'tail cut', file, offset: before, bytes: length - before }]);
    again.commit([{ key: 'a', value: 'after' }]);
    await again.close();
    const third = await open(t, crashed);
    t.equal(text(third, 'a'), 'after', 'the log goes on where it was cut');
    t.notOk(vouchesTooFar(readFileSync(file)), 'no frame vouches for more than stood before it');
    t.same(third.events, []);
    await third.close();
  }
});

t.test('a segment that was only just begun', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder);
  log.commit([{ key: 'k', value: 'v'.repeat(5000) }]);
  await log.close();
  const again = await open(t, folder, { segmentBytes: 4096 });
  again.commit([{ key: 'l', value: 'v' }]);
  await again.flushed();
  again.commit([{ key: 'm', value: 'v' }]);
  await again.close();
  const [, second = ''] = segmentFiles(folder);
  for (const length of [16, 15, 1, 0]) {
    truncateSync(second, length);
    const third = await open(t, folder);
    t.same([text(third, 'l'), text(third, 'm')], ['v', undefined], `${length} bytes`);
    await third.close();
  }
});

t.test('zeros where a power cut left a hole', async (t) => {
  const folder = t.testdir();
  const log = await open(t, folder);
  log.commit([{ key: 'k', value: 'v' }]);
  await log.close();
  const [file = ''] = segmentFiles(folder);
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(100_000)]));
  const again = await open(t, folder);
  t.equal(text(again, 'k'), 'v');
  t.match(again.events, [{ kind: 'tail cut', bytes: 100_000 }]);
});

t.test('whether a damaged end is an unfinished write', async (t) => {
  const salt = 0xa1b2c3d4;
  const frame = (synced: number, records = 'rrrr'): Buffer => {
    const buffer = Buffer.concat([Buffer.alloc(16), Buffer.from(records)]);
    finishFrame(buffer, buffer.length, salt, synced);
    return buffer;
  };
  const bad = Buffer.alloc(40, 'x');
  t.ok(isUnfinishedWrite(bad, 1000, salt), 'nothing behind it');
  t.ok(isUnfinishedWrite(Buffer.concat([bad, frame(1000)]), 1000, salt), 'a later write, no sync between them');
  t.ok(isUnfinishedWrite(Buffer.concat([bad, frame(END_OF_SEGMENT)]), 1000, salt), 'an end mark vouches for nothing');
  t.notOk(isUnfinishedWrite(Buffer.concat([bad, frame(1001)]), 1000, salt), 'a later write, after a sync');
  t.notOk(isUnfinishedWrite(Buffer.concat([bad, frame(0), bad, frame(1001)]), 1000, salt), 'further behind');
  const inside = frame(0, `value with ${frame(1001).toString('latin1')}`);
  t.ok(isUnfinishedWrite(Buffer.concat([bad, frame(0, 'rr')]).subarray(0, -1), 1000, salt), 'itself cut');
  t.ok(isUnfinishedWrite(Buffer.concat([bad, inside]), 1000, 0x0b1c2d3e), 'frames of another salt are none');
});
