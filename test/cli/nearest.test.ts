import t from 'tap';
import { distance, hint, nearest } from '../../proxy/cli/nearest.ts';

t.test('edit distance counts letters inserted, left out, changed and swapped', async (t) => {
  t.equal(distance('get', 'get'), 0);
  t.equal(distance('get', 'gets'), 1);
  t.equal(distance('get', 'gt'), 1);
  t.equal(distance('get', 'set'), 1);
  t.equal(distance('gte', 'get'), 1);
  t.equal(distance('', 'abc'), 3);
  t.equal(distance('kitten', 'sitting'), 3);
});

t.test('the nearest name is a hint only when it is near', async (t) => {
  const names = ['get', 'set', 'watch', 'instances'];
  t.equal(nearest('wacth', names), 'watch');
  t.equal(nearest('INSTANCES', names), 'instances');
  t.equal(nearest('reboot', names), undefined);
  t.equal(hint('gte', names, 'causeway usp '), '; did you mean causeway usp get?');
  t.equal(hint('zzz', names), '');
});
