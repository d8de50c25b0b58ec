// Settings of credentials that cannot work together are refused at start, and keys are never shown.
import t from 'tap';
import { loadConfig, type LoadedConfig, printConfig } from '../../proxy/config/load.ts';
import { checkCredentials } from '../../proxy/main/settings.ts';

type Flag = readonly [string, string];
const load = (...flags: readonly Flag[]): LoadedConfig => loadConfig({ file: undefined, environment: {}, flags });
const PROVISION = ['credentials.provision', 'true'] as const;
const DIGEST = ['cwmp.auth', 'digest'] as const;

t.test('what cannot work is named', async (t) => {
  const check = (...flags: readonly Flag[]): void => checkCredentials(load(...flags).config);
  t.throws(() => check(['cwmp.enrolment', 'shared-secret'], DIGEST), { message: /set credentials\.provision/ });
  t.throws(() => check(PROVISION), { message: /no listener asks/ });
  t.throws(() => check(PROVISION, DIGEST, ['cwmp.upstream', 'http://acs.example/']), { message: /cwmp\.upstream/ });
  t.doesNotThrow(() => check(PROVISION, DIGEST, ['cwmp.enrolment', 'shared-secret']));
  t.doesNotThrow(() => check());
});

t.test('keys are 32 bytes, in hexadecimal or base64', async (t) => {
  const [hex, base64] = ['ab'.repeat(32), Buffer.alloc(32, 7).toString('base64')];
  const loaded = load(['credentials.keys', `${hex},${base64}`]);
  t.same(
    loaded.config['credentials.keys'].map((key) => Buffer.from(key)),
    [Buffer.alloc(32, 0xab), Buffer.alloc(32, 7)],
  );
  const printed = printConfig(loaded);
  t.match(printed, /credentials\.keys +\[secret\]/);
  t.notMatch(printed, hex);
  t.match(printConfig(load()), /credentials\.keys +\(none\)/);
  for (const bad of ['short', `${hex}00`, `${hex},`, 'zz'.repeat(32)]) {
    t.throws(() => load(['credentials.keys', bad]), { message: /credentials\.keys wants keys of 32 bytes/ }, bad);
  }
});
