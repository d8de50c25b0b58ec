// Digests made by real CPE programs, where their captures are at hand: our check accepts each with the password it was
// made with, in all the dialects of quirk 7.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseAuthenticationHeaders } from '../../../proxy/cwmp/authentication/authentication-header.ts';
import { authenticate } from '../../../proxy/cwmp/authentication/cpe-authentication.ts';
import {
  answerDigestChallenge,
  digestMatches,
  readDigestChallenge,
  readDigestCredentials,
} from '../../../proxy/cwmp/authentication/digest.ts';

const captures = '../shared/facts/captures';
const skip = existsSync(captures) ? false : 'captures are not here';

interface Captured {
  readonly file: string;
  readonly method: string;
  readonly authorization: string;
}

function capturedDigests(folder: string, kind: RegExp): Captured[] {
  return readdirSync(join(captures, folder))
    .filter((file) => kind.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(captures, folder, file), 'latin1');
      const authorization = /^Authorization: (Digest .*?)\r?$/m.exec(text)?.[1];
      return authorization === undefined ? [] : [{ file, method: text.split(' ')[0] ?? '', authorization }];
    });
}

t.test('CPEs that authenticate at the ACS', { skip }, async (t) => {
  const used = { easycwmp: 'easycwmp', 'netcwmp-digest': 'cwmp', 'mhils-python': 'cpe', 'cwmp-sim-device': 'cpe' };
  for (const [folder, password] of Object.entries(used)) {
    const found = capturedDigests(folder, /-cpe-/);
    t.ok(found.length > 0, `${folder}: ${found.length} digests`);
    for (const { file, method, authorization } of found) {
      const check = async (tried: string) => {
        const result = await authenticate({
          mode: 'digest',
          realm: 'acs',
          key: Buffer.alloc(32),
          method,
          authorization,
          nowMs: 0,
          credentials: () => ({ password: tried }),
        });
        return result.kind === 'challenge' ? result.reason : result.kind;
      };
      // The nonces are another ACS's: the password is right, and the CPE is asked once more.
      t.equal(await check(password), 'stale-nonce', `${folder}/${file}`);
      t.equal(await check(`${password}!`), 'wrong-password', `${folder}/${file}, another password`);
    }
  }
});

t.test('our answers to the challenges of CPEs', { skip }, async (t) => {
  const used = { easycwmp: ['cruser', 'crpass'], netcwmp: ['cwmp', 'cwmp'], 'cwmp-sim-igd': ['cruser', 'crpass'] };
  for (const [folder, [username = '', password = '']] of Object.entries(used)) {
    for (const { file, method, authorization } of capturedDigests(folder, /connreq-ACS-GET-auth/)) {
      const parameters = parseAuthenticationHeaders([authorization])[0]?.parameters ?? new Map<string, string>();
      const accepted = readDigestCredentials(parameters);
      const read = readDigestChallenge(parameters);
      if (accepted === undefined || !read.ok) throw new Error(`${file} was not read`);
      t.ok(digestMatches(accepted, method, password), `${folder}/${file} is checked`);
      const { uri, cnonce } = accepted;
      const ours = answerDigestChallenge(read.challenge, { username, password, method, uri, cnonce });
      t.equal(ours, authorization, `${folder}/${file} is made again, byte for byte`);
    }
  }
});
