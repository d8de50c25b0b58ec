import t from 'tap';
import * as fc from 'fast-check';
import { readInputArguments, readParameters, readUpdates, splitAssignment } from '../../proxy/cli/usp/assignments.ts';

t.test('a value begins after the first = that is not in a search', async (t) => {
  const path = 'Device.WiFi.SSID.[Alias=="a]=\\"&&Enable==true].SSID';
  t.same(splitAssignment('Device.A.B=c=d'), { name: 'Device.A.B', value: 'c=d' });
  t.same(splitAssignment('Device.A.B='), { name: 'Device.A.B', value: '' });
  t.same(splitAssignment('Device.A.[X=="="].B=[='), { name: 'Device.A.[X=="="].B', value: '[=' });
  t.same(splitAssignment('Device.A.[X=="]="].B=1'), { name: 'Device.A.[X=="]="].B', value: '1' });
  t.equal(splitAssignment('Device.A.B'), undefined);
  t.equal(splitAssignment(path), undefined);
});

t.test('any value survives', async () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const name = 'Device.X.[Alias=="a=b"].Y';
      const split = splitAssignment(`${name}=${value}`);
      return split?.name === name && split.value === value;
    }),
    { numRuns: 300 },
  );
});

t.test('updates are grouped by object, in order', async (t) => {
  const read = readUpdates(
    ['Device.B.1.X=1', 'Device.A.Y=2', 'Device.B.1.Z=', 'Device.C.[Alias=="q"].W=3', 'Device.D.R+.V=4'],
    true,
  );
  t.same(read, {
    ok: true,
    value: [
      {
        obj_path: 'Device.B.1.',
        param_settings: [
          { param: 'X', value: '1', required: true },
          { param: 'Z', value: '', required: true },
        ],
      },
      { obj_path: 'Device.A.', param_settings: [{ param: 'Y', value: '2', required: true }] },
      { obj_path: 'Device.C.[Alias=="q"].', param_settings: [{ param: 'W', value: '3', required: true }] },
      { obj_path: 'Device.D.R+.', param_settings: [{ param: 'V', value: '4', required: true }] },
    ],
  });
});

const FAULTS: readonly (readonly [texts: readonly string[], message: RegExp])[] = [
  [['Device.A.Password hunter2'], /^value 1 is not <path>=<value>$/],
  [['Device.A.B=1', 'hunter2'], /^value 2 is not/],
  [['=hunter2'], /^value 1 is not/],
  [['Device.A.B=hunter2', 'Device.A.B=hunter2'], /Device.A.B is given twice/],
  [['Device.A.=hunter2'], /names no parameter/],
  [['Device.A()=hunter2'], /names no parameter/],
  [['Device..A=hunter2'], /is no path: .* \(at 7\)/],
  [['Password=hunter2'], /wants the whole path/],
];
for (const [texts, message] of FAULTS) {
  t.test(`${String(message)}: what is wrong is told without the value`, async (t) => {
    const read = readUpdates(texts, true);
    t.match(read, { ok: false, exit: 2, message });
    if (!read.ok) t.notMatch(read.message, /hunter2/);
  });
}

t.test('parameters of a row and arguments of a command', async (t) => {
  t.same(readParameters(['Enable=true', 'Security.KeyPassphrase=a=b'], false), {
    ok: true,
    value: [
      { param: 'Enable', value: 'true', required: false },
      { param: 'Security.KeyPassphrase', value: 'a=b', required: false },
    ],
  });
  t.same(readInputArguments(['Host=192.0.2.1', 'Count=']), {
    ok: true,
    value: new Map([
      ['Host', '192.0.2.1'],
      ['Count', ''],
    ]),
  });
  t.match(readInputArguments(['hunter2']), { ok: false, message: /^value 1 is not <arg>=<value>$/ });
});
