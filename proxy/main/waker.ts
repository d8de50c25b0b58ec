// The ways to make a CPE come: Connection Requests over HTTP and, where there is a STUN socket or an XMPP server, by
// UDP and over XMPP, with the device's own credentials and those of the configuration. The ways are tried one after
// another until one of them lets the Inform be awaited.
import type { Config } from '../config/schema.ts';
import type { AddressPolicySettings } from '../cwmp/connection-request/address-policy.ts';
import type { ConnectionRequestCredentials } from '../cwmp/connection-request/challenge-answer.ts';
import { awaitsInform } from '../cwmp/connection-request/outcomes.ts';
import type { StunSocket } from '../cwmp/connection-request/stun/server.ts';
import { createUdpWaker } from '../cwmp/connection-request/udp-client.ts';
import { createHttpWaker, type WakeResult } from '../cwmp/connection-request/wake.ts';
import { type Way, waysTo } from '../cwmp/connection-request/ways.ts';
import type { XmppConnection } from '../cwmp/connection-request/xmpp/connection.ts';
import { createXmppWaker } from '../cwmp/connection-request/xmpp/waker.ts';
import type { OwnCredentials } from '../device/credentials/own-credentials.ts';
import type { OwnPairs } from '../device/credentials/pair.ts';
import type { WakeOutcome } from '../device/settings.ts';
import { CausewayError } from '../errors.ts';
import type { Clock, Randomness } from '../operate/clock.ts';
import type { DeviceFacts, DeviceRecord } from '../store/device-steps.ts';
import type { BoundAddress } from './listeners.ts';
import { networksOf } from './networks.ts';
import { xmppDomains } from './xmpp.ts';

export interface Waker {
  /** By other ways than those that are named. */
  wake(record: DeviceRecord, notBy?: readonly string[]): Promise<WakeOutcome>;
  /** Told once the ports are known: a CPE's URL must not lead to ourselves. */
  listens(listeners: readonly BoundAddress[], addresses: readonly string[], means: Means): void;
}

/** What there is beside HTTP. */
export interface Means {
  readonly stun: StunSocket | undefined;
  readonly xmpp: XmppConnection | undefined;
  /** What devices have been given. */
  readonly ownCredentials: Pick<OwnCredentials, 'pairsOf'>;
}

type Candidates = readonly ConnectionRequestCredentials[];
type Try = (facts: DeviceFacts, candidates: Candidates, isLast: boolean) => Promise<WakeResult>;

/** Throws CAUSEWAY_CONFIG_INVALID for a network that is none. */
export function createWaker(config: Config, clock: Clock, random: Randomness): Waker {
  const networks = networksOf(config, 'connectionRequest.networks');
  let own: Means['ownCredentials'] | undefined;
  let tries: { readonly http: Try; readonly udp: Try | undefined; readonly xmpp: Try | undefined } | undefined;
  return {
    listens(ownListeners, ownAddresses, { stun, xmpp, ownCredentials }) {
      own = ownCredentials;
      const addresses = { networks, ownListeners, ownAddresses };
      const udp = stun === undefined ? undefined : tryUdp({ clock, random, socket: stun }, addresses);
      tries = {
        http: tryHttp(config, { clock, random }, addresses),
        udp,
        xmpp: xmpp && tryXmpp(config, { clock, connection: xmpp }),
      };
    },
    async wake(record, notBy = []) {
      const { facts, wake } = record;
      if (tries === undefined || own === undefined)
        throw new CausewayError('CAUSEWAY_BUG', 'a CPE was to be called before the listeners were bound');
      const means = { stun: tries.udp !== undefined, xmpp: tries.xmpp !== undefined };
      const all = waysTo(facts, wake, means).filter((way) => !notBy.includes(way));
      const ways: readonly Way[] = all.length === 0 ? ['http'] : all;
      const candidates = candidatesOf(config, own.pairsOf(record));
      const earlier: WakeOutcome[] = [];
      for (const [index, way] of ways.entries()) {
        const isLast = index === ways.length - 1;
        const run = tries[way] ?? tries.http;
        const outcome = outcomeOf(way, await run(facts, candidates, isLast), !isLast);
        if (outcome.accepted || isLast) return { ...outcome, earlier };
        earlier.push(outcome);
      }
      throw new CausewayError('CAUSEWAY_BUG', 'a CPE cannot be called by any way');
    },
  };
}

function outcomeOf(way: Way, { outcome, trace }: WakeResult, moreWays: boolean): WakeOutcome {
  const accepted = awaitsInform(outcome);
  const { retryable, kind, explanation } = outcome;
  return { accepted, retryable, outcome: kind, detail: explanation, trace, way, moreWays };
}

type Effects = Parameters<typeof createHttpWaker>[0];

function tryHttp(config: Config, effects: Effects, addresses: AddressPolicySettings): Try {
  const budgetMs = config['connectionRequest.timeout'];
  const waker = createHttpWaker(effects, { addresses, budgetMs });
  return ({ ConnectionRequestURL, sourceAddress }, candidates, isLast) =>
    waker({
      url: ConnectionRequestURL,
      sourceAddress,
      candidates,
      // What is left belongs to the other way.
      budgetMs: isLast ? budgetMs : budgetMs / 2,
    });
}

function tryUdp(effects: Parameters<typeof createUdpWaker>[0], addresses: AddressPolicySettings): Try {
  const waker = createUdpWaker(effects, addresses);
  return ({ UDPConnectionRequestAddress, sourceAddress }, candidates) =>
    waker({ address: UDPConnectionRequestAddress, sourceAddress, candidates });
}

function tryXmpp(config: Config, effects: Parameters<typeof createXmppWaker>[0]): Try {
  const budgetMs = config['connectionRequest.timeout'];
  const waker = createXmppWaker(effects, xmppDomains(config));
  return ({ ConnReqJabberID }, candidates, isLast) =>
    waker({
      jid: ConnReqJabberID,
      candidates,
      budgetMs: isLast ? budgetMs : budgetMs / 2,
    });
}

/**
 * What the CPE may have, the likeliest first: the pair that it is being given, the one before, and that of the settings,
 * which it has from the factory. Which of them it takes, it says.
 */
function candidatesOf(config: Config, { current, next }: OwnPairs): Candidates {
  const [username, password] = [config['connectionRequest.username'], config['connectionRequest.password']];
  const own = [
    { from: 'its own, the new ones', pair: next },
    { from: 'its own', pair: current },
  ].flatMap(({ from, pair }) =>
    pair === undefined ? [] : [{ from, username: pair.username, password: pair.connectionRequestPassword }],
  );
  return username === '' ? own : [...own, { from: 'connectionRequest.username', username, password }];
}
