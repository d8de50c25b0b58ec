import t from 'tap';
import { NonceCounts } from '../../../proxy/cwmp/authentication/nonce-counts.ts';

t.test('counts rise under one nonce, and are kept as long as it may be good', async (t) => {
  const counts = new NonceCounts(1000);
  t.equal(counts.rises('n', 1, 5000), true);
  t.equal(counts.rises('n', 1, 5000), false);
  t.equal(counts.rises('n', 7, 5500), true, 'some may be skipped');
  t.equal(counts.rises('other', 1, 5500), true);
  t.equal(counts.rises('n', 6, 6001), false);
  t.equal(counts.rises('n', 7, 6500), false, 'kept at least that long');
  t.equal(counts.rises('without', undefined, 6500), true);
  t.equal(counts.rises('without', undefined, 6500), false, 'an answer without a count is good once');
  t.equal(counts.rises('n', 1, 9000), true, 'and forgotten, as the nonce is no good any more');
});

t.test('a flood of nonces does not grow without end', async (t) => {
  const counts = new NonceCounts(1_000_000);
  counts.rises('first', 9, 0);
  for (let index = 0; index < 120_000; index += 1) counts.rises(`n${index}`, 1, 0);
  t.equal(counts.rises('first', 9, 0), true, 'the oldest is forgotten');
  t.equal(counts.rises('n119999', 1, 0), false);
});
