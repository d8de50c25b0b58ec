import t from 'tap';
import { retryWait, STANDARD_RETRY } from '../../proxy/endpoint/retry.ts';

t.test('the waits of TR-369 (R-NOT.1), of which the tenth is the last to grow (R-NOT.2)', async (t) => {
  const seconds = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120];
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    t.equal(
      retryWait(STANDARD_RETRY, attempt, 0),
      (seconds[attempt - 1] ?? 0) * 1000,
      `least wait after try ${attempt}`,
    );
    t.equal(retryWait(STANDARD_RETRY, attempt, 1), (seconds[attempt] ?? 0) * 1000, `longest wait after try ${attempt}`);
  }
  t.equal(retryWait(STANDARD_RETRY, 11, 0), 2_560_000);
  t.equal(retryWait(STANDARD_RETRY, 1000, 1), 5_120_000);
});

t.test("the values are the Controller's", async (t) => {
  const policy = { minimumMs: 1000, multiplier: 3000 };
  t.equal(retryWait(policy, 1, 0), 1000);
  t.equal(retryWait(policy, 2, 0), 3000);
  t.equal(retryWait(policy, 2, 0.5), 6000, 'half way between 3 s and 9 s');
  t.equal(retryWait({ minimumMs: 7000, multiplier: 1000 }, 9, 0.9), 7000, 'a multiplier of 1 waits the same each time');
});
