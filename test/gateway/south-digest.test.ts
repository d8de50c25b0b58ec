// Digest as the settings and profiles have it, against curl, which knows it from elsewhere than we do.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startHarness } from './harness.ts';
import { counted, informText, rawConnection, type RawResponse, rpcOf } from './south-tools.ts';

const DIGEST = { 'cwmp.auth': 'digest', 'cwmp.username': 'cpe', 'cwmp.password': 's3cret' };

/** Why there is no curl to test with; false where there is one, or there must be (TEST_CURL). */
function missingCurl(): string | false {
  if (process.env['TEST_CURL'] === 'required') return false;
  const { status } = spawnSync('curl', ['--version'], { stdio: 'ignore' });
  return status === 0 ? false : 'no curl here: install the package curl, and this is tested too';
}

/** What curl says of an Inform that it posts: the Authorization header that it found, and the answer. */
async function curl(url: string, pair: string, serial: string): Promise<string> {
  const child = spawn('curl', ['-sv', '--digest', '-u', pair, '--data-binary', '@-', url]);
  child.stdin.end(informText({ serial }));
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}

t.test('every hash, with and without qop, with curl', { skip: missingCurl() }, async (t) => {
  for (const [digest, qop, sent] of [
    ['MD5', 'true', /algorithm=MD5\b/],
    ['MD5', 'false', /algorithm=MD5\b/],
    ['MD5-sess', 'true', /algorithm=MD5-sess/],
    ['SHA-256', 'true', /algorithm=SHA-256/],
    ['SHA-256', 'false', /algorithm=SHA-256/],
    ['SHA-256-sess', 'true', /algorithm=SHA-256-sess/],
    ['SHA-256,MD5', 'true', /algorithm=(?:SHA-256|MD5)/],
  ] as const) {
    const harness = await startHarness(t, { ...DIGEST, 'cwmp.digest': digest, 'cwmp.digestQop': qop });
    const accepted = await curl(harness.acsUrl, 'cpe:s3cret', 'CURL');
    t.match(accepted, /InformResponse/, `${digest}, qop ${qop}`);
    t.match(/> Authorization: Digest .*/.exec(accepted)?.[0], sent);
    t.equal(/> Authorization: Digest .*qop=/.test(accepted), qop === 'true');
    t.notMatch(await curl(harness.acsUrl, 'cpe:guess', 'CURL'), /InformResponse/, 'and not with another password');
  }
});

t.test('several hashes are a challenge each, in the order of the setting', async (t) => {
  const harness = await startHarness(t, { ...DIGEST, 'cwmp.digest': 'SHA-256,MD5', 'cwmp.digestQop': 'false' });
  const connection = await rawConnection(t, harness);
  const { head } = await connection.exchange(informText({ serial: 'TWO' }));
  const offered = [...head.matchAll(/\r\nWWW-Authenticate: Digest .*?algorithm=([\w-]+)/g)].map(([, name]) => name);
  t.same(offered, ['SHA-256', 'MD5']);
  t.notMatch(head, 'qop');
});

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function answer(challenge: RawResponse, nc: string | undefined): { readonly Authorization: string } {
  const nonce = /nonce="([^"]*)"/.exec(challenge.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  const [a1, a2] = [md5('cpe:causeway:s3cret'), md5('POST:/')];
  const counted = nc === undefined ? '' : `, qop=auth, nc=${nc}, cnonce="c"`;
  const response = md5(nc === undefined ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:c:auth:${a2}`);
  const said = `username="cpe", realm="causeway", nonce="${nonce}", uri="/", response="${response}"`;
  return { Authorization: `Digest ${said}${counted}` };
}

t.test('counts must rise where a profile says so', async (t) => {
  const folder = t.testdir();
  const rising = '{ name: strict, match: { ProductClass: Strict }, behaviour: { nonceCounts: rising } }';
  writeFileSync(join(folder, 'strict.yaml'), `profiles:\n  - ${rising}\n`);
  const harness = await startHarness(t, { ...DIGEST, 'profiles.dir': folder });
  const connection = await rawConnection(t, harness);
  const challenge = await connection.exchange('');
  const inform = (productClass: string, nc: string | undefined): Promise<RawResponse> =>
    connection.exchange(informText({ serial: 'NC', productClass }), answer(challenge, nc));
  t.equal(rpcOf(await inform('Strict', '00000002')), 'InformResponse');
  for (const again of ['00000002', '00000001', undefined]) {
    const grown = await counted(harness, ['cwmp_refused', 'cwmp_informs'], async () => {
      const refused = await inform('Strict', again);
      t.equal(refused.status, 401, `nc ${again}`);
      t.match(refused.headers.get('www-authenticate'), /stale=true/, 'the CPE repeats by itself');
    });
    t.same(grown, { 'cwmp_refused nonce-count': 1 });
  }
  t.equal(rpcOf(await inform('Strict', '00000003')), 'InformResponse');
  t.equal(rpcOf(await inform('Lax', '00000003')), 'InformResponse', 'and nowhere else');
});
