// A CPE's voice in one session: its dialect, and what it has taken over from the ACS since (prefix, version, IDs).
import type { CwmpVersion, Dialect } from './dialect.ts';
import { randomHex, type Random } from './random.ts';
import type { Content } from './soap-content.ts';
import { CWMP_NAMESPACE, type Envelope } from './soap-read.ts';
import { writeEnvelope, type Body } from './soap-write.ts';

export interface Voice {
  /** A request of this CPE; returns the envelope and the cwmp:ID in it. */
  request(method: string, content: readonly Content[]): { readonly text: string; readonly id: string };
  /** The answer to an RPC of the ACS, with its ID. */
  answer(body: Body, id: string): string;
  /** Takes over what this dialect takes over from an envelope of the ACS. */
  heard(envelope: Envelope): void;
  cwmpVersion(): CwmpVersion;
  envelopePrefix(): string;
}

export interface VoiceOptions {
  readonly dialect: Dialect;
  readonly cwmpVersion: CwmpVersion;
  readonly random: Random;
  /** Seconds of silence it announces in its Inform (cwmp-1-3 and later). */
  readonly sessionTimeout?: number;
}

const versions: readonly CwmpVersion[] = [0, 1, 2, 3, 4];

export function createVoice({ dialect, cwmpVersion, random, sessionTimeout }: VoiceOptions): Voice {
  const { soap } = dialect;
  let version = cwmpVersion;
  let envelopePrefix = soap.envelopePrefix;
  let count = 0;
  const sessionId = randomHex(random, 8);

  const nextId = (): string => {
    if (soap.ids === 'one-a-session') return sessionId;
    count += 1;
    return soap.ids === 'counting' ? String(count) : randomHex(random, 8);
  };
  const write = (body: Body, id: string, announces: boolean): string =>
    writeEnvelope(body, {
      dialect: soap,
      cwmpVersion: version,
      envelopePrefix,
      id,
      ...(announces && sessionTimeout !== undefined && { sessionTimeout }),
    });

  return {
    request: (method, content) => {
      const id = nextId();
      const announces = method === 'Inform' && version >= 3;
      return { id, text: write({ kind: 'rpc', name: method, content }, id, announces) };
    },
    answer: (body, id) => write(body, id, false),
    heard: (envelope) => {
      if (soap.adoptsPrefix) envelopePrefix = envelope.root.prefix;
      const theirs = Number(envelope.cwmpNamespace.slice(CWMP_NAMESPACE.length));
      const lower = versions.find((known) => known === theirs);
      if (soap.adoptsVersion && lower !== undefined && lower < version) version = lower;
    },
    cwmpVersion: () => version,
    envelopePrefix: () => envelopePrefix,
  };
}
