import t from 'tap';
import { readArguments } from '../../proxy/cli/arguments.ts';
import { readSettings, type Settings, USP_OPTIONS } from '../../proxy/cli/settings.ts';
import type { Result } from '../../proxy/cli/outcome.ts';
import { isEndpointId } from '../../proxy/usp/endpoint-id.ts';

const DEFAULTS = { timeoutMs: 40_000, controller: 'self::causeway-cli' };

function settingsOf(args: readonly string[], environment: Record<string, string> = {}): Result<Settings> {
  const read = readArguments(args, USP_OPTIONS);
  return read.ok ? readSettings(read.value.options, environment, DEFAULTS) : read;
}

t.test('without anything', async (t) => {
  t.match(settingsOf([]), {
    ok: true,
    value: { gateway: 'http://127.0.0.1:8080', token: undefined, json: false, ...DEFAULTS },
  });
  t.ok(isEndpointId(DEFAULTS.controller));
});

t.test('options win over the environment, and an empty variable is none', async (t) => {
  const environment = {
    CAUSEWAY_GATEWAY: 'https://gateway.example.net/prefix/',
    CAUSEWAY_TOKEN: 'one',
    CAUSEWAY_CONTROLLER: '',
  };
  t.match(settingsOf([], environment), {
    value: { gateway: 'https://gateway.example.net/prefix', token: 'one', controller: DEFAULTS.controller },
  });
  const given = ['--gateway', 'localhost:9', '--token', 'two', '--controller', 'os::012345-1', '--timeout', '5s'];
  t.match(settingsOf(given, environment), {
    value: { gateway: 'http://localhost:9', token: 'two', controller: 'os::012345-1', timeoutMs: 5000 },
  });
});

const FAULTS: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['--gateway', 'ftp://x'], /http or https/],
  [['--gateway', 'http://'], /wants a URL/],
  [['--gateway', 'http://me:hunter2@x/'], /no user name or password/],
  [['--controller', 'me'], /wants an Endpoint ID/],
  [['--timeout', 'hunter2'], /wants a duration/],
  [['--token', 'hunter2 '], /the token may hold/],
];
for (const [args, message] of FAULTS) {
  t.test(`${args[0]} that cannot be`, async (t) => {
    const read = settingsOf(args);
    t.match(read, { ok: false, exit: 2, message });
    if (!read.ok) t.notMatch(read.message, /hunter2/);
  });
}
