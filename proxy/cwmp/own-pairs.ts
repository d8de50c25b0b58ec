// Which credentials a user name stands for: those that all CPEs share, or a device's own, of which two are good while
// others are on their way to it.
import type { Shown } from '../device/credentials/due.ts';
import type { OwnCredentials } from '../device/credentials/own-credentials.ts';
import type { CpeCredential } from './authentication/cpe-authentication.ts';

export interface KnownCredential extends CpeCredential {
  /** What it is that the CPE has shown, with the first password and with the other. */
  readonly shows: Shown;
  readonly showsWithOther?: Shown;
}

export async function ownCredentialOf(
  own: OwnCredentials,
  username: string,
  listener: string | undefined,
): Promise<KnownCredential | undefined> {
  const pairs = await own.find(username, listener);
  if (pairs === undefined) return undefined;
  const { current, next } = pairs;
  const [first, other] = current === undefined ? [next, undefined] : [current, next];
  if (first === undefined) return undefined;
  const known: KnownCredential = { password: first.acsPassword, shows: { kind: 'own', pair: first.id } };
  if (other === undefined) return known;
  return { ...known, otherPassword: other.acsPassword, showsWithOther: { kind: 'own', pair: other.id } };
}
