// What an event code says, however it is spelt and wherever it stands (quirk 26).
import t from 'tap';
import { eventNumber, hasEvent, tellsBoot } from '../../proxy/device/events.ts';

t.test('the number at the head counts, whatever follows it', async (t) => {
  for (const [code, number] of [
    ['1 BOOT', 1],
    ['1 Boot', 1],
    [' 1 BOOT ', 1],
    ['1', 1],
    ['10 AUTONOMOUS TRANSFER COMPLETE', 10],
    ['8\tDIAGNOSTICS COMPLETE', 8],
    ['M Reboot', undefined],
    ['X 00256D Event', undefined],
    ['1st', undefined],
    ['', undefined],
  ] as const) {
    t.equal(eventNumber(code), number, code);
  }
});

t.test('in any order, with and without what usually goes with it', async (t) => {
  t.ok(tellsBoot(['4 VALUE CHANGE', 'M Reboot', '1 Boot']));
  t.ok(tellsBoot(['2 PERIODIC', '0 BOOTSTRAP']), 'BOOTSTRAP last');
  t.notOk(tellsBoot(['M Reboot', '2 PERIODIC']), 'what it was told to do is no boot');
  t.notOk(tellsBoot([]), 'no event at all');
  t.ok(hasEvent(['8 diagnostics complete'], 8));
  t.notOk(hasEvent(['18 X'], 8));
});
