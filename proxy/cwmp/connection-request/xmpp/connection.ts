// The gateway's own connection to the XMPP server, made anew after pauses that grow, each time by a client of its own. It
// never sends presence, so that only those who know its full Jabber ID, the CPEs that it asked, can send to it at all.
import { xml, type Element } from '@xmpp/client';
import type { Clock, Timer } from '../../../operate/clock.ts';
import { createAnswers, type Answer } from './answers.ts';
import { createGuardedClient, type GuardedClient, socketOf, type XmppSettings } from './client.ts';
import { formatJid } from './jid.ts';
import type { XmppProblem } from './problems.ts';

export type XmppEvent =
  { readonly kind: 'connected'; readonly jid: string } | ({ readonly kind: 'not-connected' } & XmppProblem);

export interface XmppEffects {
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
  /** A change: connected, or not and why. */
  readonly onEvent: (event: XmppEvent) => void;
  /** By its outcome: a stanza that is dropped. */
  readonly count: (outcome: string) => void;
}

export interface XmppConnection {
  readonly state:
    { readonly connected: true; readonly jid: string } | { readonly connected: false; readonly problem: XmppProblem };
  /** An IQ get. Undefined when too many are under way; never rejects. */
  ask(to: string, query: Element, ms: number): Promise<Answer<XmppProblem>> | undefined;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** A connection that has held this long makes the next pause a short one again. */
const STABLE_MS = 30_000;
/** From the opening of the socket to the bound resource. */
const LOGIN_MS = 10_000;
/** XEP-0199: whether the server is still there, for a dead connection says nothing. */
const PING_EVERY_MS = 60_000;
const PING_MS = 20_000;
/** For the server to close its side as well. */
const CLOSE_MS = 1000;
const PING = 'urn:xmpp:ping';

/** The pauses before new tries, in milliseconds: each twice the last one, until a connection has held. */
function createPauses(random: XmppEffects['random']): { readonly next: () => number; readonly settle: () => void } {
  let pause = FIRST_PAUSE_MS;
  return {
    next() {
      // A quarter more or less: the nodes of a server that was away do not come back together.
      const [byte = 0] = random(1);
      const taken = pause * (0.75 + byte / 510);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      return taken;
    },
    settle() {
      pause = FIRST_PAUSE_MS;
    },
  };
}

/** Begins to connect; the server may be away. */
export function openXmppConnection(settings: XmppSettings, effects: XmppEffects): XmppConnection {
  const { clock, random, onEvent, count } = effects;
  const answers = createAnswers<XmppProblem>(clock, random);
  let state: XmppConnection['state'] = { connected: false, problem: { name: 'connecting' } };
  const pauses = createPauses(random);
  let isClosing = false;
  let timers: readonly Timer[] = [];
  const only = (...next: readonly Timer[]): void => {
    for (const timer of timers) timer.cancel();
    timers = next;
  };

  const ask: XmppConnection['ask'] = (to, query, ms) => {
    if (!state.connected) return Promise.resolve({ kind: 'lost', problem: state.problem });
    const { entity, giveUp } = current;
    const expected = answers.expect(to, ms);
    if (expected === undefined) return undefined;
    // What cannot be sent is not answered either: the closing of the socket ends the waiting.
    entity.send(xml('iq', { type: 'get', to, id: expected.id }, query)).catch(() => giveUp({ name: 'closed' }));
    return expected.answer;
  };
  const ping = async ({ giveUp }: GuardedClient): Promise<void> => {
    const answer = await ask(settings.jid.domain, xml('ping', { xmlns: PING }), PING_MS);
    if (answer?.kind === 'late') giveUp({ name: 'silent' });
    else if (state.connected) only(clock.after(PING_EVERY_MS, () => void ping(current)));
  };
  const online = (client: GuardedClient): void => {
    state = { connected: true, jid: client.entity.jid?.toString() ?? formatJid(settings.jid) };
    onEvent({ kind: 'connected', jid: state.jid });
    const pinging = clock.after(PING_EVERY_MS, () => void ping(client));
    only(pinging, clock.after(STABLE_MS, pauses.settle));
  };
  const offline = ({ takeVerdict }: GuardedClient): void => {
    const before = state;
    const problem: XmppProblem = isClosing ? { name: 'stopped' } : (takeVerdict() ?? { name: 'closed' });
    state = { connected: false, problem };
    answers.lose(problem);
    if (before.connected || before.problem.name !== problem.name) onEvent({ kind: 'not-connected', ...problem });
    if (isClosing) only();
    else only(clock.after(pauses.next(), () => (current = begin())));
  };
  const take = ({ entity, limit }: GuardedClient, stanza: Element): void => {
    // Before, what comes belongs to the login.
    const what = state.connected ? answers.take(stanza) : 'answer';
    if (what === 'answer') return;
    count(what);
    const wait = limit.unasked(clock.now());
    const socket = socketOf(entity);
    if (wait === 0 || socket === undefined || socket.isPaused()) return;
    count('flood');
    socket.pause();
    clock.after(wait, () => socket.resume());
  };
  const begin = (): GuardedClient => {
    const client = createGuardedClient(settings);
    const { entity, giveUp } = client;
    entity.on('connecting', () => only(clock.after(LOGIN_MS, () => giveUp({ name: 'silent' }))));
    entity.on('online', () => online(client));
    entity.once('disconnect', () => offline(client));
    entity.on('stanza', (stanza: Element) => take(client, stanza));
    // Not the library's start(): when the server stays silent, that leaves a promise behind whose rejection nobody can
    // catch. What goes wrong here is an `error` and a `disconnect`, too.
    entity.reconnect.reconnect().catch(() => undefined);
    return client;
  };
  let current = begin();

  return {
    get state() {
      return state;
    },
    ask,
    async close() {
      isClosing = true;
      only();
      const { entity } = current;
      const socket = socketOf(entity);
      entity.timeout = CLOSE_MS;
      if (state.connected) await entity.stop().catch(() => undefined);
      socket?.destroy();
      if (state.connected) offline(current);
    },
  };
}
