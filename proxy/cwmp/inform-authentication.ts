// Asks a CPE who it is before its Inform is taken, in the way of the listener it came to, and looks whether what it
// proved goes with what the Inform says. Every refusal is counted with its reason, which the CPE is not told.
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Behaviour, ProfileSubject } from '../profile/profile.ts';
import type { InformRequest } from '../rpc/inform.ts';
import {
  authenticate,
  type Challenge,
  challenge,
  type CpeAuthenticationSettings,
} from './authentication/cpe-authentication.ts';
import type { DigestAlgorithm } from './authentication/digest.ts';
import { NonceCounts } from './authentication/nonce-counts.ts';
import { type ClientCertificate, isCertificateOf } from './client-certificate.ts';
import type { CwmpListener } from './cwmp-listener.ts';
import type { HttpPost } from './http-post.ts';

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
}

/** Who has been let in. */
export interface Known {
  readonly certificate: ClientCertificate | undefined;
  /** '' where nobody is asked. */
  readonly username: string;
  /** Of Digest. */
  readonly nonce?: string;
  readonly nc?: number;
}

export interface Admitted {
  readonly username: string;
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
    const { settings, clock, log } = this.#context;
    const { certificate } = listener.channelOf(request);
    if (listener.settings.auth === 'certificate' && certificate === undefined) {
      this.#refuse(post, 'no-certificate');
      return undefined;
    }
    const result = await authenticate({
      ...this.#asked(listener),
      method: request.method ?? 'POST',
      authorization: request.headers.authorization,
      nowMs: clock.now(),
      credentials: (username) => (username === settings.username ? { password: settings.password } : undefined),
    });
    if (result.kind === 'challenge') {
      this.#challenge(post, result);
      return undefined;
    }
    if (result.scheme === 'none') return { username: '', certificate };
    const { username, nonce, nc } = result;
    if (nonce === undefined) return { username, certificate };
    log.debug({ username, nc }, 'a CPE was authenticated');
    return { username, certificate, nonce, ...(nc !== undefined && { nc }) };
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
    return this.#hasCounted(listener, known, inform, post) ? { username, identified } : undefined;
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

  /** A CPE cannot mend its certificate: it hears what is wrong. */
  #refuse(post: HttpPost, reason: 'no-certificate' | 'certificate-mismatch'): void {
    this.#context.metrics.count('cwmp_refused', reason);
    post.refuse(403, reason);
  }

  /** Why is for the operator: who guesses is not told whether it was the name or the password. */
  #challenge(post: HttpPost, { header, others, reason }: Challenge): void {
    this.#context.metrics.count('cwmp_refused', reason);
    post.refuse(401, 'unauthorized', { 'WWW-Authenticate': others.length === 0 ? header : [header, ...others] });
  }
}

function subjectOf({ DeviceId, ParameterList }: InformRequest): ProfileSubject {
  const version = ParameterList.find(({ Name }) => Name.trim().endsWith('Device.DeviceInfo.SoftwareVersion'));
  return { ...DeviceId, SoftwareVersion: version?.Value ?? '' };
}
