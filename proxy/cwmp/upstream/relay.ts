// One CPE's session with the ACS behind us: its POSTs go there until the ACS has nothing more to say, then the session is
// ours. What the ACS is told has been stored, and what the CPE is acknowledged the ACS has taken.
import { isStoreError } from '../../errors.ts';
import type { Ledger } from '../../device/ledger.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { Envelope } from '../../soap/envelope.ts';
import type { Store } from '../../store/store.ts';
import type { UpstreamRecord } from '../../store/upstream-steps.ts';
import type { Exchange } from '../exchange.ts';
import type { PendingPost } from '../http-post.ts';
import type { ReportMessage } from '../session-state.ts';
import type { AcsAnswer, AcsConnection, AcsOutcome, CpePost } from './acs-connection.ts';
import { type AcsRequest, afterDone, readAcsMessage } from './acs-request.ts';
import { viewAnswer } from './answer-view.ts';
import { recipientOf } from './ownership.ts';

export interface RelayContext {
  readonly store: Store;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What becomes of a CPE whose ACS is away: told to come again, or served by us alone. */
  readonly away: 'refuse' | 'alone';
}

export interface RelayStart {
  readonly connection: AcsConnection;
  readonly upstream: UpstreamRecord;
  readonly ledger: Ledger;
  /** An Inform that the ACS has not been shown: should the CPE bring something for the ACS after all, it is. */
  readonly hidden: CpePost | undefined;
}

/** `hidden`: the ACS knows of no session; `open`: it has the turn; `over`: it has said that it is done. */
type Phase = 'hidden' | 'open' | 'over';

/** After these a CPE does nothing but end the session. */
const ENDS_SESSION: ReadonlySet<string> = new Set(['Reboot', 'FactoryReset']);

export const isEmpty = ({ status, body }: AcsAnswer): boolean =>
  status === 204 || (status === 200 && body.length === 0);
export const messageOf = ({ body }: AcsAnswer): AcsRequest | undefined => readAcsMessage(body.toString('latin1'));

export class Relay {
  readonly #context: RelayContext;
  readonly #connection: AcsConnection;
  readonly #ledger: Ledger;
  #hidden: CpePost | undefined;
  #upstream: UpstreamRecord;
  #phase: Phase;
  /** What the ACS said last. */
  #asked: AcsRequest | undefined;
  #ending = false;

  constructor(context: RelayContext, { connection, upstream, ledger, hidden }: RelayStart) {
    this.#context = context;
    this.#connection = connection;
    this.#upstream = upstream;
    this.#ledger = ledger;
    this.#hidden = hidden;
    this.#phase = hidden === undefined ? 'open' : 'hidden';
  }

  /** The ACS has the turn: even what we cannot read is for it. */
  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  /** Whether a POST is the ACS's to answer; `envelope` undefined: it was empty. */
  takes(envelope: Envelope | undefined): boolean {
    const message = envelope?.message;
    if (message?.kind !== 'request') return this.isOpen;
    return message.method !== 'Inform' && recipientOf(message.method, message.value) !== 'us';
  }

  /** Never rejects. `envelope` undefined: it was empty, or only the ACS may understand it. */
  async post(exchange: Exchange, pending: PendingPost, post: CpePost, envelope: Envelope | undefined): Promise<void> {
    if (!exchange.relaying(pending)) return;
    try {
      await this.#relay(exchange, post, envelope);
    } catch (error) {
      const { metrics, log } = this.#context;
      if (!isStoreError(error)) {
        metrics.count('failure', 'relay');
        log.error({ device: exchange.device.key.device, err: error }, 'a POST could not be passed to the ACS');
      }
      exchange.relayed(undefined);
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #relay(exchange: Exchange, post: CpePost, envelope: Envelope | undefined): Promise<void> {
    const message = envelope?.message;
    const isRequest =
      message?.kind === 'request' || (message?.kind === 'unknown' && !message.name.endsWith('Response'));
    if (message?.kind === 'request' && !(await saved(exchange, message as ReportMessage))) {
      exchange.relayed(undefined);
      return;
    }
    if (this.#phase === 'hidden' && !(await this.#showInform())) {
      exchange.relayed(undefined);
      return;
    }
    if (message?.kind === 'response') await this.#learn(exchange, message.method);
    const method = message?.kind === 'response' ? message.method : '';
    const outcome = await this.#connection.post(this.#shown(post, method));
    const failure = failureOf(outcome);
    if (failure !== undefined) {
      this.#fail(exchange, failure, isRequest);
    } else if (outcome.kind === 'answer') this.#answer(exchange, outcome, isRequest);
  }

  /** The post as the ACS is to see it: the same bytes where nothing of ours is in it. */
  #shown(post: CpePost, method: string): CpePost {
    if (method === '') return post;
    const text = post.body.toString('latin1');
    const shown = viewAnswer(text, { method, upstream: this.#upstream, ledger: this.#ledger });
    return shown === text ? post : { ...post, body: Buffer.from(shown, 'latin1') };
  }

  /** The CPE has done what the ACS asked: what follows from it is stored before the ACS hears of it. */
  async #learn(exchange: Exchange, method: string): Promise<void> {
    const asked = this.#asked;
    if (asked?.name !== method) return;
    const next = afterDone(this.#upstream, asked);
    if (next === this.#upstream) return;
    const { key, epoch } = exchange.device;
    await this.#context.store.upstream.saveUpstream(key, epoch, next);
    this.#upstream = next;
  }

  async #showInform(): Promise<boolean> {
    const inform = this.#hidden;
    if (inform === undefined) return true;
    const outcome = await this.#connection.post(inform);
    const taken = outcome.kind === 'answer' && messageOf(outcome)?.name === 'InformResponse';
    this.#context.metrics.count('upstream', taken ? 'shown-late' : (failureOf(outcome) ?? 'refused'));
    if (!taken) return false;
    this.#hidden = undefined;
    this.#phase = 'open';
    return true;
  }

  #answer(exchange: Exchange, answer: AcsAnswer, isRequest: boolean): void {
    const { metrics } = this.#context;
    if (isEmpty(answer)) {
      if (isRequest) {
        this.#fail(exchange, 'ended-early', true);
        return;
      }
      this.#phase = 'over';
      metrics.count('upstream', 'done');
      if (this.#ending) exchange.end();
      exchange.handedOver();
      return;
    }
    // A challenge within the session is for the CPE, which posts the same once more.
    if (answer.status !== 401) this.#asked = messageOf(answer);
    if (ENDS_SESSION.has(this.#asked?.name ?? '')) this.#ending = true;
    exchange.relayed(answer);
  }

  #fail(exchange: Exchange, reason: string, isRequest: boolean): void {
    const { metrics, log, away } = this.#context;
    metrics.count('upstream', reason);
    log.warn({ device: exchange.device.key.device, reason }, 'the ACS behind did not take what a CPE brought');
    this.#phase = 'over';
    // What the CPE has to report is the ACS's to acknowledge, and nobody else's.
    if (away === 'refuse' || isRequest) exchange.relayed(undefined);
    else exchange.handedOver();
  }
}

/** Why an outcome is nothing that can be passed on; undefined when it is. */
export function failureOf(outcome: AcsOutcome): string | undefined {
  if (outcome.kind === 'failed') return outcome.reason;
  if (isEmpty(outcome) || outcome.status === 401) return undefined;
  return messageOf(outcome) === undefined ? (outcome.status === 200 ? 'not-soap' : 'status') : undefined;
}

/** What the CPE did by itself concerns us too. */
async function saved(exchange: Exchange, { method, value }: ReportMessage): Promise<boolean> {
  if (recipientOf(method, value) !== 'both') return true;
  return (await exchange.device.report(method, value)) !== 'stale';
}
