// Chain mode: Causeway stands before an ACS that has the CPEs now. Each Inform is shown to it first, as it would look
// without us, and is stored once the ACS has taken it; what concerns only us never gets there.
import type { Socket } from 'node:net';
import { parseLedger } from '../../device/ledger.ts';
import type { Arrival } from '../../device/inform.ts';
import { ARM, ARM_FORCE, type DeviceRoom } from '../../device/room.ts';
import { isStoreError } from '../../errors.ts';
import type { Clock, Randomness } from '../../operate/clock.ts';
import { NOTHING_UPSTREAM, type UpstreamView } from '../../store/upstream-steps.ts';
import { arrivalOf, type Informing, type Opened, openSession } from '../inform.ts';
import type { PassedAnswer } from '../http-post.ts';
import { AcsConnection, type AcsSettings, type CpePost } from './acs-connection.ts';
import { type InformView, viewInform } from './inform-view.ts';
import { failureOf, messageOf, Relay, type RelayContext } from './relay.ts';

export interface ChainSettings extends AcsSettings {
  readonly away: RelayContext['away'];
}
export interface ChainContext extends Omit<RelayContext, 'away' | 'rearm'> {
  readonly settings: ChainSettings;
  readonly room: DeviceRoom;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Causeway itself asks the CPEs who they are. */
  readonly authenticates: boolean;
}

export type ChainOpened =
  | Opened
  /** The ACS did not open a session: it wants credentials, or refuses. */
  | { readonly kind: 'passed'; readonly answer: PassedAnswer }
  | { readonly kind: 'upstream-away' };

/** A CPE that we called may come later than we waited for it. */
const LATE_ARRIVAL_MS = 5 * 60_000;

export class Chain {
  readonly #context: ChainContext;
  readonly #relayContext: RelayContext;
  /** Ways to the ACS on which a CPE has been challenged: some ACSs know their nonces by the connection. */
  readonly #challenged = new WeakMap<Socket, AcsConnection>();

  constructor(context: ChainContext) {
    this.#context = context;
    this.#relayContext = {
      ...context,
      away: context.settings.away,
      rearm: async (key) => {
        const entry = { kind: ARM, payload: ARM_FORCE, origin: undefined, returnPath: undefined };
        await context.room.submit(key, entry);
      },
    };
  }

  /**
   * An Inform that our own authentication has let in. `socket`: the CPE's connection, undefined where it may be several
   * CPEs'.
   */
  async open(informing: Informing, post: CpePost, socket: Socket | undefined): Promise<ChainOpened> {
    const { room, store } = this.#context;
    const arrival = arrivalOf(informing);
    try {
      const key = await room.keyOf(arrival);
      if (key === undefined) return await openSession(room, informing);
      const view = await store.upstream.readUpstream(key);
      return await this.#show(informing, arrival, view, post, socket);
    } catch (error) {
      if (isStoreError(error)) return { kind: 'store-away' };
      throw error;
    }
  }

  /** Some CPEs fish for the challenge with an empty POST (quirk 6): the ACS's, where it is the one who asks. */
  async challenge(post: CpePost, socket: Socket | undefined): Promise<PassedAnswer | undefined> {
    if (!this.#context.settings.passesChallenges) return undefined;
    const connection = this.#connectionOf(socket);
    const outcome = await connection.post(post);
    if (outcome.kind === 'answer' && outcome.status === 401) {
      this.#keep(socket, connection);
      return outcome;
    }
    connection.close();
    return undefined;
  }

  async #show(
    informing: Informing,
    arrival: Arrival,
    known: UpstreamView | undefined,
    post: CpePost,
    socket: Socket | undefined,
  ): Promise<ChainOpened> {
    const { metrics } = this.#context;
    const text = post.body.toString('latin1');
    const view = this.#view(text, arrival, known);
    const connection = this.#connectionOf(socket);
    if (view.shown === undefined) {
      metrics.count('upstream', 'hidden');
      return this.#begin(informing, { view, known, connection, hidden: post });
    }
    const shown = view.shown === text ? post : { ...post, body: Buffer.from(view.shown, 'latin1') };
    const outcome = await connection.post(shown);
    const failure = failureOf(outcome);
    if (failure !== undefined || outcome.kind === 'failed') {
      return this.#away(informing, connection, failure ?? 'unreachable');
    }
    if (messageOf(outcome)?.name !== 'InformResponse') {
      metrics.count('upstream', outcome.status === 401 ? 'challenged' : 'refused');
      if (outcome.status === 401) this.#keep(socket, connection);
      else connection.close();
      return { kind: 'passed', answer: outcome };
    }
    metrics.count('upstream', 'shown');
    const begun = await this.#begin(informing, { view, known, connection, hidden: undefined });
    return begun.kind === 'open' ? { ...begun, passed: outcome } : begun;
  }

  #view(text: string, { inform, sourceAddress }: Arrival, known: UpstreamView | undefined): InformView {
    const upstream = known?.upstream ?? NOTHING_UPSTREAM;
    const ledger = parseLedger(known?.device.ledger ?? '');
    const doings = { called: this.#called(known), diagnostic: known?.device.quiet?.reason === 'diagnostic' };
    const view = viewInform(text, { inform, upstream, ledger, doings });
    if (view.shown !== undefined || this.#context.authenticates) return view;
    // Where at best the ACS asks a CPE who it is, only one that has not moved is believed without it.
    return sourceAddress === known?.device.facts.sourceAddress ? view : { ...view, shown: text };
  }

  /** Whether the CPE may have come because we called it, and has not come since. */
  #called(known: UpstreamView | undefined): boolean {
    if (known === undefined) return false;
    const { wake, informAt } = known.device;
    if (known.calling) return true;
    // It took the call, and the Inform was waited for in vain.
    if (wake?.outcome.endsWith('-no-inform') !== true) return false;
    return wake.at >= informAt && this.#context.clock.now() - wake.at < LATE_ARRIVAL_MS;
  }

  async #begin(
    informing: Informing,
    {
      view,
      known,
      connection,
      hidden,
    }: {
      readonly view: InformView;
      readonly known: UpstreamView | undefined;
      readonly connection: AcsConnection;
      readonly hidden: CpePost | undefined;
    },
  ): Promise<Opened> {
    const { room, store } = this.#context;
    const opened = await openSession(room, informing);
    if (opened.kind !== 'open') {
      connection.close();
      return opened;
    }
    const { upstream } = view;
    if (JSON.stringify(upstream) !== JSON.stringify(known?.upstream)) {
      const { device } = opened;
      try {
        await store.upstream.saveUpstream(device.key, device.epoch, upstream);
      } catch (error) {
        connection.close();
        void device.ended({ reason: 'ended', heldMs: undefined });
        throw error;
      }
    }
    const ledger = parseLedger(known?.device.ledger ?? '');
    return { ...opened, relay: new Relay(this.#relayContext, { connection, upstream, ledger, hidden }) };
  }

  #away(informing: Informing, connection: AcsConnection, reason: string): Promise<ChainOpened> {
    const { metrics, log, settings, room } = this.#context;
    connection.close();
    metrics.count('upstream', reason);
    log.warn({ reason }, 'the ACS behind did not take an Inform');
    return settings.away === 'alone' ? openSession(room, informing) : Promise.resolve({ kind: 'upstream-away' });
  }

  #connectionOf(socket: Socket | undefined): AcsConnection {
    const { settings, randomness } = this.#context;
    const challenged = socket && this.#challenged.get(socket);
    if (socket !== undefined) this.#challenged.delete(socket);
    return challenged ?? new AcsConnection(settings, randomness);
  }

  #keep(socket: Socket | undefined, connection: AcsConnection): void {
    if (socket === undefined || socket.destroyed) {
      connection.close();
      return;
    }
    this.#challenged.get(socket)?.close();
    this.#challenged.set(socket, connection);
    socket.once('close', () => {
      if (this.#challenged.get(socket) === connection) connection.close();
    });
  }
}
