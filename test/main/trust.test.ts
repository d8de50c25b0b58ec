// The setting usp.trust: certificates in a file, or a fault that names the setting.
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { readTrust } from '../../proxy/main/trust.ts';
import { createAuthority, missingOpenssl } from '../openssl.ts';
import { temporaryFolder } from '../gateway/harness.ts';

const wrong = { code: 'CAUSEWAY_CONFIG_INVALID', message: /^usp\.trust: / };

t.test('nothing set, nobody trusted', async (t) => {
  t.same(readTrust(''), []);
});

t.test('what cannot be used is said', async (t) => {
  const folder = temporaryFolder(t);
  t.throws(() => readTrust(join(folder, 'none.pem')), wrong);
  const file = join(folder, 'some.pem');
  for (const text of ['', 'a letter', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
    writeFileSync(file, text);
    t.throws(() => readTrust(file), wrong, text);
  }
});

t.test('several in one file', { skip: missingOpenssl() }, async (t) => {
  const [one, other] = [createAuthority(t, '/CN=One'), createAuthority(t, '/CN=Other')];
  const file = join(temporaryFolder(t), 'both.pem');
  writeFileSync(file, `# ours\n${one.cert}\n${other.cert}`);
  t.same(
    readTrust(file).map(({ subject }) => subject),
    ['CN=One', 'CN=Other'],
  );
});
