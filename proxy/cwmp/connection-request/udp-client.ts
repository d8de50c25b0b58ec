// Asks one CPE behind NAT by UDP to open a session (TR-069 Annex G.2.2.3). The same signed datagram leaves three times
// from the STUN socket, through the binding that the CPE keeps open towards it. Nothing answers it, so that the end of
// the trying is `udp-sent`, and whether it worked the Inform shows; a CPE that has come ignores the repeats.
import type { Clock } from '../../operate/clock.ts';
import { createAddressPolicy, type AddressPolicySettings } from './address-policy.ts';
import type { ConnectionRequestCredentials } from './challenge-answer.ts';
import { describeEnding, type ConnectionRequestEnding } from './outcomes.ts';
import { formatEndpoint, type Endpoint } from './stun/address.ts';
import type { StunSocket } from './stun/server.ts';
import { createTrace, type TraceRecorder } from './trace.ts';
import { parseUdpAddress } from './udp-address.ts';
import { udpConnectionRequest } from './udp-message.ts';
import type { WakeResult } from './wake.ts';

export interface UdpWakerEffects {
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
  readonly socket: Pick<StunSocket, 'send' | 'heardAt'>;
}

export interface UdpWakeRequest {
  /** ManagementServer.UDPConnectionRequestAddress as the CPE reported it. */
  readonly address: string;
  /** Where the CPE's last authenticated Inform came from. */
  readonly sourceAddress: string | undefined;
  /**
   * What the CPE may take: a request is signed with each, since it does not say which is wrong. None: it is signed as
   * nobody, which a CPE without credentials takes.
   */
  readonly candidates: readonly ConnectionRequestCredentials[];
}

export type UdpWaker = (request: UdpWakeRequest) => Promise<WakeResult>;

const NOBODY: ConnectionRequestCredentials = { from: '', username: '', password: '' };
const TIMES = 3;
const SPACING_MS = 1000;
const CNONCE_BYTES = 8;
/** Past this many, addresses whose last request is older than a second are forgotten. */
const ADDRESSES_REMEMBERED = 10_000;

export function createUdpWaker(effects: UdpWakerEffects, addresses: AddressPolicySettings): UdpWaker {
  const policyFor = createAddressPolicy(addresses);
  const nextTimestamp = timestamps(effects.clock);
  return async (request) => {
    const { steps, record } = createTrace(() => effects.clock.now());
    const ending = await attempt(request, record);
    const outcome = describeEnding(ending);
    record('outcome', `${outcome.kind}: ${outcome.explanation}`);
    return { outcome, trace: steps };
  };

  async function attempt(request: UdpWakeRequest, record: TraceRecorder): Promise<ConnectionRequestEnding> {
    const parsed = parseUdpAddress(request.address);
    if (!parsed.ok) return { kind: 'bad-udp-address', problem: parsed.problem };
    const { endpoint } = parsed;
    record('udp', formatEndpoint(endpoint));
    record('binding', bindingText(effects, endpoint));
    const verdict = policyFor(request.sourceAddress)(endpoint.address, endpoint.port);
    if (!verdict.allowed) {
      return { kind: 'address-not-allowed', address: formatEndpoint(endpoint), reason: verdict.reason };
    }
    const signers = request.candidates.length === 0 ? [NOBODY] : request.candidates;
    for (const signer of signers) {
      record('credentials', signer === NOBODY ? 'signed as nobody' : `of ${signer.from}`);
      const code = await sendSigned(signer, endpoint);
      if (code !== undefined) return endingOfCode(code);
    }
    return { kind: 'udp-sent', times: TIMES };
  }

  /** Undefined when the first of them has left. */
  async function sendSigned(
    { username, password }: ConnectionRequestCredentials,
    to: Endpoint,
  ): Promise<string | undefined> {
    const datagram = udpConnectionRequest({
      to,
      timestamp: nextTimestamp(to),
      id: Buffer.from(effects.random(4)).readUInt32BE() >>> 1,
      username,
      password,
      cnonce: Buffer.from(effects.random(CNONCE_BYTES)).toString('hex'),
    });
    const code = await effects.socket.send(datagram, to);
    if (code !== undefined) return code;
    for (let time = 1; time < TIMES; time += 1) {
      effects.clock.after(time * SPACING_MS, () => void effects.socket.send(datagram, to));
    }
    return undefined;
  }
}

function bindingText({ clock, socket }: UdpWakerEffects, endpoint: Endpoint): string {
  const heardAt = socket.heardAt(endpoint);
  return heardAt === undefined
    ? 'no binding request came from there since this gateway started: its NAT may have forgotten us'
    : `the last binding request came from there ${Math.round((clock.now() - heardAt) / 1000)} s ago`;
}

function endingOfCode(code: string): ConnectionRequestEnding {
  if (code === 'EHOSTUNREACH') return { kind: 'host-unreachable', code };
  return code === 'ENETUNREACH' ? { kind: 'network-unreachable', code } : { kind: 'local-failure', code };
}

/** The time in seconds, but for one address never the same twice: a CPE ignores what is not later than the last. */
function timestamps(clock: Clock): (endpoint: Endpoint) => number {
  const last = new Map<string, number>();
  return (endpoint) => {
    const now = Math.floor(clock.now() / 1000);
    const name = formatEndpoint(endpoint);
    const next = Math.max(now, (last.get(name) ?? 0) + 1);
    if (last.size >= ADDRESSES_REMEMBERED) for (const [old, at] of last) if (at < now) last.delete(old);
    last.set(name, next);
    return next;
  };
}
