import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { load, readArguments } from '../../proxy/main/arguments.ts';
import { temporaryFolder } from '../gateway/harness.ts';

t.test('flags with and without an equals sign, and the switches', async (t) => {
  t.same(readArguments(['--cwmp.listen', '127.0.0.1:1', '--park.hold=3s', '--insecure', '--print-config']), {
    file: undefined,
    printConfig: true,
    help: false,
    flags: [
      ['cwmp.listen', '127.0.0.1:1'],
      ['park.hold', '3s'],
      ['insecure', 'true'],
    ],
  });
});

t.test('what is no flag, or has no value, is refused by name', async (t) => {
  t.throws(() => readArguments(['start']), { code: 'CAUSEWAY_CONFIG_INVALID', message: /^start: / });
  t.throws(() => readArguments(['--park.hold']), { message: '--park.hold wants a value' });
  t.throws(() => readArguments(['--http.token', '--insecure']), { message: '--http.token wants a value' });
  t.same(readArguments(['--http.token=--odd']).flags, [['http.token', '--odd']]);
});

t.test('a configuration file is read when it is named, and missed when it is not there', async (t) => {
  const file = join(temporaryFolder(t), 'own.yaml');
  t.throws(() => load(readArguments(['--config', file]), {}), { message: /own\.yaml: there is no such file/ });
  writeFileSync(file, 'park: { hold: 7s }\n');
  t.match(load(readArguments(['--config', file]), {}), {
    config: { 'park.hold': 7000 },
    origins: { 'park.hold': `file ${file}` },
  });
});
