import t from 'tap';
import { createEventQueue, event, mergeEvents, type CpeEvent } from './events.ts';

const codes = (events: readonly CpeEvent[]): string[] =>
  events.map(({ code, commandKey }) => (commandKey === '' ? code : `${code} (${commandKey})`));

t.test('single events are told once, method events once for each time', async (t) => {
  const events = mergeEvents(
    [event('M Reboot', 'a'), event('4 VALUE CHANGE')],
    [event('M Reboot', 'b'), event('4 VALUE CHANGE'), event('10 AUTONOMOUS TRANSFER COMPLETE'), event('1 BOOT')],
  );
  t.same(codes(events), [
    '1 BOOT',
    '4 VALUE CHANGE',
    '10 AUTONOMOUS TRANSFER COMPLETE',
    'M Reboot (a)',
    'M Reboot (b)',
  ]);
});

t.test('what a session carries stays until its end is known', async (t) => {
  const queue = createEventQueue();
  queue.add(event('2 PERIODIC'));
  t.same(codes(queue.take()), ['2 PERIODIC']);
  queue.add(event('4 VALUE CHANGE'));
  t.same(codes(queue.waiting()), ['4 VALUE CHANGE'], 'raised meanwhile: for the next session');
  queue.returned();
  t.same(codes(queue.waiting()), ['2 PERIODIC', '4 VALUE CHANGE']);
  queue.take();
  queue.delivered();
  queue.returned();
  t.same(queue.waiting(), []);
});

t.test('BOOTSTRAP drops what was not delivered', async (t) => {
  const queue = createEventQueue();
  queue.add(event('2 PERIODIC'));
  queue.take();
  queue.add(event('4 VALUE CHANGE'));
  queue.add(event('0 BOOTSTRAP'));
  queue.add(event('1 BOOT'));
  queue.returned();
  t.same(codes(queue.waiting()), ['0 BOOTSTRAP', '1 BOOT']);
});

t.test('a reboot forgets the boot and the diagnostics before it, and nothing else', async (t) => {
  const queue = createEventQueue();
  for (const code of ['1 BOOT', '8 DIAGNOSTICS COMPLETE', '4 VALUE CHANGE']) queue.add(event(code));
  queue.add(event('M Reboot', 'key'));
  queue.take();
  queue.add(event('7 TRANSFER COMPLETE'));
  queue.rebooted();
  t.same(codes(queue.waiting()), ['4 VALUE CHANGE', '7 TRANSFER COMPLETE', 'M Reboot (key)']);
});
