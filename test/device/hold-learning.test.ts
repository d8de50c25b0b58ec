import t from 'tap';
import {
  formatParking,
  judgeHangUp,
  learnedHold,
  modelHold,
  NOTHING_LEARNED,
  noteHangUp,
  parseParking,
} from '../../proxy/device/hold-learning.ts';

const DAY = 24 * 3_600_000;
const inform = { at: 30_000, boot: false, SoftwareVersion: '1.0' };

t.test('a hang-up counts when the CPE is back soon without a boot', async (t) => {
  const after = noteHangUp(NOTHING_LEARNED, 0, 20_000);
  const { record, countedMs } = judgeHangUp(after, inform);
  t.equal(countedMs, 20_000);
  t.equal(learnedHold(record, 40_000, '1.0'), 18_000);
  t.equal(judgeHangUp(after, { ...inform, boot: true }).countedMs, undefined);
  t.equal(judgeHangUp(after, { ...inform, at: 61_000 }).countedMs, undefined);
  t.equal(judgeHangUp(record, inform).countedMs, undefined, 'and only once');
});

t.test('it is forgotten after seven days or with new software', async (t) => {
  const { record } = judgeHangUp(noteHangUp(NOTHING_LEARNED, 0, 20_000), inform);
  t.equal(learnedHold(record, 6 * DAY, '1.0'), 18_000);
  t.equal(learnedHold(record, 8 * DAY, '1.0'), undefined);
  t.equal(learnedHold(record, 40_000, '1.1'), undefined);
});

t.test('a later, longer hold does not undo a shorter one', async (t) => {
  const first = judgeHangUp(noteHangUp(NOTHING_LEARNED, 0, 10_000), inform).record;
  const second = judgeHangUp(noteHangUp(first, 20_000, 24_000), inform).record;
  t.equal(learnedHold(second, 40_000, '1.0'), 8_000);
});

t.test('what is stored reads back', async (t) => {
  const record = noteHangUp(judgeHangUp(noteHangUp(NOTHING_LEARNED, 0, 10_000), inform).record, 5, 6);
  t.same(parseParking(formatParking(record)), record);
  t.same(parseParking(''), NOTHING_LEARNED);
});

t.test('a model learns from three of its CPEs and a tenth of its holds', async (t) => {
  const devices = ['A', 'B', 'C'];
  t.equal(modelHold({ holds: 30, hangUps: { 19: 1, 20: 1, 21: 1 }, devices }), 17_000);
  t.equal(modelHold({ holds: 31, hangUps: { 19: 1, 20: 1, 21: 1 }, devices }), undefined, 'less than a tenth');
  t.equal(modelHold({ holds: 3, hangUps: { 20: 3 }, devices: ['A', 'B'] }), undefined, 'two devices only');
  t.equal(modelHold({ holds: 9, hangUps: { 2: 1, 11: 1, 20: 1 }, devices }), undefined, 'at different times');
});
