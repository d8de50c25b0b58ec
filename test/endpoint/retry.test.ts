import t from 'tap';
import { retryWait } from '../../proxy/endpoint/retry.ts';

t.test('the waits of TR-369 (R-NOT.1), of which the tenth is the last to grow (R-NOT.2)', async (t) => {
  const seconds = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120];
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    t.equal(retryWait(attempt, 0), (seconds[attempt - 1] ?? 0) * 1000, `least wait after try ${attempt}`);
    t.equal(retryWait(attempt, 1), (seconds[attempt] ?? 0) * 1000, `longest wait after try ${attempt}`);
  }
  t.equal(retryWait(11, 0), 2_560_000);
  t.equal(retryWait(1000, 1), 5_120_000);
});
