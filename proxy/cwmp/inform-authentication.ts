// Asks a CPE who it is before its Inform is taken, in the way of the listener it came to, and looks whether what it
// proved goes with what the Inform says. Every refusal is counted with its reason, which the CPE is not told.
import type { ClientCertificate } from '../access/certificate.ts';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Behaviour, ProfileSubject } from '../profile/profile.ts';
import type { OwnCredentials } from '../device/credentials/own-credentials.ts';
import type { Shown } from '../device/credentials/due.ts';
import type { InformRequest } from '../rpc/inform.ts';
import { deviceIdOf } from '../usp/device-id.ts';
import {
  authenticate,
  type Challenge,
  challenge,
  type CpeAuthenticationSettings,
} from './authentication/cpe-authentication.ts';
import type { DigestAlgorithm } from './authentication/digest.ts';
import { NonceCounts } from './authentication/nonce-counts.ts';
import { isCertificateOf } from './client-certificate.ts';
import type { CwmpListener } from './cwmp-listener.ts';
import type { HttpPost } from './http-post.ts';
import { type KnownCredential, ownCredentialOf } from './own-pairs.ts';

export interface InformAuthenticationSettings {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonceValidityMs: number;
  readonly digest: readonly DigestAlgorithm[];
  readonly digestQop: boolean;
}

export interface InformAuthenticationContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly nonceKey: Uint8Array;
  readonly settings: InformAuthenticationSettings;
  readonly behaviourOf: (subject: ProfileSubject) => Behaviour;
  /** Undefined: all CPEs share the credentials of the settings. */
  readonly ownCredentials?: OwnCredentials | undefined;
}

/** Who has been let in. */
export interface Known {
  readonly certificate: ClientCertificate | undefined;
  /** '' where nobody is asked. */
  readonly username: string;
  /** Undefined where nobody is asked. */
  readonly shown?: Shown | undefined;
  /** Of Digest. */
  readonly nonce?: string;
  readonly nc?: number;
}

export interface Admitted {
  readonly username: string;
  readonly shown: Shown | undefined;
  /** Its certificate is that of the device which the Inform names. */
  readonly identified: boolean;
}

/** A nonce of a node whose clock runs ahead lives that much longer. */
const SKEW_MS = 60_000;

export class InformAuthentication {
  readonly #context: InformAuthenticationContext;
  readonly #counts: NonceCounts;

  constructor(context: InformAuthenticationContext) {
    this.#context = context;
    this.#counts = new NonceCounts(context.settings.nonceValidityMs + SKEW_MS);
  }

  /** Undefined when the CPE has been refused. Rejects with a store error when it cannot be told. */
  async ask(listener: CwmpListener, request: IncomingMessage, post: HttpPost): Promise<Known | undefined> {
    const { clock, log } = this.#context;
    const { certificate } = listener.channelOf(request);
    if (listener.settings.auth === 'certificate' && certificate === undefined) {
      this.#refuse(post, 'no-certificate');
      return undefined;
    }
    let credential: KnownCredential | undefined;
    const result = await authenticate({
      ...this.#asked(listener),
      method: request.method ?? 'POST',
      authorization: request.headers.authorization,
      nowMs: clock.now(),
      credentials: async (username) => (credential = await this.#credentialOf(username, listener)),
    });
    if (result.kind === 'challenge') {
      this.#challenge(post, result);
      return undefined;
    }
    if (result.scheme === 'none') return { username: '', certificate };
    const { username, nonce, nc, by } = result;
    const shown = by === 'password' ? credential?.shows : credential?.showsWithOther;
    if (nonce === undefined) return { username, certificate, shown };
    log.debug({ username, nc }, 'a CPE was authenticated');
    return { username, certificate, shown, nonce, ...(nc !== undefined && { nc }) };
  }

  /** Whether the Inform may come from who was let in; undefined when the CPE has been refused. */
  admit(listener: CwmpListener, known: Known, inform: InformRequest, post: HttpPost): Admitted | undefined {
    const { username, certificate } = known;
    const { certificateIdentity } = listener.settings;
    const identified = certificate !== undefined && certificateIdentity.length > 0;
    if (identified && !isCertificateOf(certificate, inform.DeviceId, certificateIdentity)) {
      this.#refuse(post, 'certificate-mismatch');
      return undefined;
    }
    const { shown } = known;
    if (shown?.kind === 'own' && !isNamed(inform, username)) {
      this.#refuse(post, 'credentials-mismatch');
      return undefined;
    }
    return this.#hasCounted(listener, known, inform, post) ? { username, shown, identified } : undefined;
  }

  async #credentialOf(username: string, listener: CwmpListener): Promise<KnownCredential | undefined> {
    const { settings, ownCredentials } = this.#context;
    if (username === settings.username) return { password: settings.password, shows: { kind: 'shared' } };
    return ownCredentials && ownCredentialOf(ownCredentials, username, listener.settings.tenant);
  }

  #hasCounted(listener: CwmpListener, { nonce, nc }: Known, inform: InformRequest, post: HttpPost): boolean {
    const { clock, behaviourOf } = this.#context;
    if (nonce === undefined || behaviourOf(subjectOf(inform)).nonceCounts === 'ignore') return true;
    const now = clock.now();
    if (this.#counts.rises(nonce, nc, now)) return true;
    this.#challenge(post, challenge({ ...this.#asked(listener), nowMs: now }, 'nonce-count'));
    return false;
  }

  #asked({ settings: { auth } }: CwmpListener): CpeAuthenticationSettings {
    const { nonceKey, settings } = this.#context;
    const { realm, nonceValidityMs, digest, digestQop } = settings;
    const mode = auth === 'certificate' ? 'none' : auth;
    return { mode, realm, key: nonceKey, nonceValidityMs, algorithms: digest, offerQop: digestQop };
  }

  /** A CPE cannot mend its certificate, nor whose credentials it has: it hears what is wrong. */
  #refuse(post: HttpPost, reason: 'no-certificate' | 'certificate-mismatch' | 'credentials-mismatch'): void {
    this.#context.metrics.count('cwmp_refused', reason);
    post.refuse(403, reason);
  }

  /** Why is for the operator: who guesses is not told whether it was the name or the password. */
  #challenge(post: HttpPost, { header, others, reason }: Challenge): void {
    this.#context.metrics.count('cwmp_refused', reason);
    post.refuse(401, 'unauthorized', { 'WWW-Authenticate': others.length === 0 ? header : [header, ...others] });
  }
}

/** A device's own credentials are for it alone; their user name is its id. */
function isNamed({ DeviceId }: InformRequest, username: string): boolean {
  const named = deviceIdOf(DeviceId);
  return named.ok && named.deviceId === username;
}

function subjectOf({ DeviceId, ParameterList }: InformRequest): ProfileSubject {
  const version = ParameterList.find(({ Name }) => Name.trim().endsWith('Device.DeviceInfo.SoftwareVersion'));
  return { ...DeviceId, SoftwareVersion: version?.Value ?? '' };
}
