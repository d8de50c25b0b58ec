import t from 'tap';
import { formatDuration, type OptionSpecs, parseDuration, readArguments } from '../../proxy/cli/arguments.ts';

const SPECS: OptionSpecs = {
  'max-depth': { value: 'N', help: '' },
  token: { value: 'TOKEN', help: '' },
  event: { value: 'EVENT', help: '' },
  json: { help: '' },
};

t.test('options and operands may stand in any order', async (t) => {
  const read = readArguments(
    ['a', '--json', 'b', '--max-depth', '2', '--event=X!', '--event', 'Y!', '--', '--c'],
    SPECS,
  );
  if (!read.ok) throw new Error(read.message);
  const { operands, options } = read.value;
  t.same(operands, ['a', 'b', '--c']);
  t.ok(options.has('json'));
  t.notOk(options.has('token'));
  t.equal(options.value('max-depth'), '2');
  t.equal(options.value('token'), undefined);
  t.same(options.values('event'), ['X!', 'Y!']);
});

t.test('the last value of an option wins', async (t) => {
  const read = readArguments(['--max-depth', '1', '--max-depth', '2'], SPECS);
  t.ok(read.ok && read.value.options.value('max-depth') === '2');
});

const FAULTS: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['--jsn'], /--jsn is no option.*did you mean --json\?/],
  [['-x'], /-x is no option/],
  [['--constructor'], /--constructor is no option/],
  [['--max-depth'], /--max-depth wants a value: --max-depth N/],
  [['--max-depth', '--json'], /--max-depth wants a value/],
  [['--json=yes'], /--json takes no value/],
];

for (const [args, message] of FAULTS) {
  t.test(`${args.join(' ')} is refused`, async (t) => {
    const read = readArguments(args, SPECS);
    t.notOk(read.ok);
    if (!read.ok) t.match(read, { exit: 2, message });
  });
}

t.test('a fault never shows what was typed for an option', async (t) => {
  for (const args of [
    ['--tokn=hunter2'],
    ['--tokn', 'hunter2'],
    ['--json=hunter2'],
    ['--token', 'hunter2', '--what'],
  ]) {
    const read = readArguments(args, SPECS);
    t.notOk(read.ok);
    if (!read.ok) t.notMatch(read.message, /hunter2/);
  }
});

t.test('durations', async (t) => {
  const good = { '250ms': 250, '60s': 60_000, '1.5m': 90_000, '2h': 7_200_000, '1d': 86_400_000, '20': 20_000 };
  for (const [text, ms] of Object.entries(good)) t.equal(parseDuration(text), ms, text);
  for (const text of ['', 's', '-1s', '1 s', '1w', 'Infinity', '1e9s', '0', '25d', '99999999999d']) {
    t.equal(parseDuration(text), undefined, text);
  }
  const shown = new Map([
    [250, '250 ms'],
    [1500, '1.5 s'],
    [60_000, '1 m'],
    [90_000, '90 s'],
    [86_400_000, '1 d'],
  ]);
  for (const [ms, text] of shown) t.equal(formatDuration(ms), text);
});
