// The paths that GetSupportedDM takes.
import t from 'tap';
import { parseSupportedPath } from '../../proxy/path/supported-path.ts';

t.test('objects, with {i} or a number for each row, and with or without the last', async (t) => {
  const object = { kind: 'object' };
  const cases: readonly (readonly [string, string])[] = [
    ['Device.', 'Device.'],
    ['Device.IP.Interface.', 'Device.IP.Interface.'],
    ['Device.IP.Interface.{i}.', 'Device.IP.Interface.{i}.'],
    ['Device.IP.Interface.{i}', 'Device.IP.Interface.{i}.'],
    ['Device.IP.Interface.3.IPv4Address.{i}.', 'Device.IP.Interface.{i}.IPv4Address.{i}.'],
    ['Device.IP.Interface.3', 'Device.IP.Interface.{i}.'],
    ['Device.X_EXAMPLE-COM_Foo.{i}.', 'Device.X_EXAMPLE-COM_Foo.{i}.'],
  ];
  for (const [text, path] of cases)
    t.same(parseSupportedPath(text), { ok: true, path: { object: path, leaf: object } }, text);
});

t.test('commands, events, and a bare name', async (t) => {
  const table = 'Device.IP.Interface.{i}.';
  t.same(parseSupportedPath(`${table}Reset()`), {
    ok: true,
    path: { object: table, leaf: { kind: 'command', name: 'Reset' } },
  });
  t.same(parseSupportedPath('Device.Boot!'), {
    ok: true,
    path: { object: 'Device.', leaf: { kind: 'event', name: 'Boot' } },
  });
  const bare = (name: string) => ({ kind: 'parameter-or-object', name });
  t.same(parseSupportedPath('Device.IP.Interface.7.Status'), {
    ok: true,
    path: { object: table, leaf: bare('Status') },
  });
  t.same(parseSupportedPath('Device.LocalAgent.Subscription'), {
    ok: true,
    path: { object: 'Device.LocalAgent.', leaf: bare('Subscription') },
  });
  t.same(parseSupportedPath('Device'), { ok: true, path: { object: '', leaf: bare('Device') } });
});

t.test('what is refused, and where', async (t) => {
  const cases: readonly (readonly [string, number])[] = [
    ['', 0],
    ['{i}.', 0],
    ['Device.{i}.', 7],
    ['Device.A.{i}.{i}.', 13],
    ['Device.A.{i}.3.', 13],
    ['Device.A.{I}.', 9],
    ['Device.A.{i', 9],
    ['Device.A.{i}B.', 12],
    ['Device.A.0.', 9],
    ['Device.A.*.', 9],
    ['Device.A.[B==1].', 9],
    ['Device.A+.B', 8],
    ['Device..', 7],
    ['Device()', 0],
    ['A.'.repeat(257), 512],
    ['A'.repeat(16_385), 16_384],
  ];
  for (const [text, position] of cases)
    t.match(parseSupportedPath(text), { ok: false, code: 7008, position }, text.slice(0, 40));
});
