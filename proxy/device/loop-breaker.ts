// RPCs that a CPE falls over: one that was in flight at two BOOTs in a row is not sent again until the CPE has other
// software or a day is over. Who asks for it is told so at once.
import { hash } from 'node:crypto';
import type { CpeMethodName, CpeRequest } from '../rpc/methods.ts';
import type { DeviceRecord, LostRpc, RebootLoop, Trouble } from '../store/device-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import { RunInterrupted } from './access.ts';
import type { CallOutcome } from './link.ts';
import type { DeviceContext } from './settings.ts';

const BOOTS_IN_A_ROW = 2;
const QUARANTINE_MS = 24 * 3_600_000;

/** A BOOT is what these ask for. */
const MEANT_TO_BOOT: ReadonlySet<CpeMethodName> = new Set(['Reboot', 'FactoryReset']);

/** What our own request names itself by, and what tells nothing about the question. */
const OWN_KEYS: ReadonlySet<string> = new Set(['ParameterKey', 'CommandKey']);

function signatureOf(method: CpeMethodName, request: unknown): string {
  const text = JSON.stringify(request, (key, value: unknown) => (OWN_KEYS.has(key) ? undefined : value));
  return hash('sha1', `${method} ${text}`, 'base64url').slice(0, 16);
}

/** What is to be kept of an RPC whose answer was lost; undefined where the CPE cannot have fallen over it. */
function lostRpc<N extends CpeMethodName>(
  method: N,
  request: CpeRequest<N>,
  outcome: CallOutcome<N>,
  what: { readonly request: string | undefined; readonly at: number },
): LostRpc | undefined {
  if (outcome.kind !== 'lost' || !outcome.written || MEANT_TO_BOOT.has(method)) return undefined;
  // What it answered wrongly, or what we broke off, it has survived.
  const { reason } = outcome;
  if (reason !== 'closed' && reason !== 'timeout' && reason !== 'displaced') return undefined;
  const names =
    method === 'GetParameterValues' ? (request as CpeRequest<'GetParameterValues'>).ParameterNames.length : 0;
  return { method, signature: signatureOf(method, request), names, ...what };
}

/** What is known of something that was in flight at a BOOT lately. */
const loopOf = (trouble: Trouble | undefined, subject: string, now: number): RebootLoop | undefined =>
  trouble?.loops.find((loop) => loop.subject === subject && now - loop.at < QUARANTINE_MS);

/** What the breaker takes of the calls around it. */
interface BreakerShared {
  /** Something that a later session of the device caches has changed. */
  changed(key: DeviceKey): void;
}

/** Of one session. */
export class LoopBreaker {
  readonly #context: DeviceContext;
  readonly #shared: BreakerShared;
  readonly #epoch: number;
  readonly #record: () => DeviceRecord;
  /** Id of the request whose turn it is; undefined while what is called is our own. */
  serves: string | undefined;

  constructor(context: DeviceContext, shared: BreakerShared, epoch: number, record: () => DeviceRecord) {
    this.#context = context;
    this.#shared = shared;
    this.#epoch = epoch;
    this.#record = record;
  }

  /** Why an RPC is not to be sent; undefined when it may be. */
  why<N extends CpeMethodName>(method: N, request: CpeRequest<N>): string | undefined {
    // The rule: of a CPE that fell over nothing no signature is worked out.
    return this.#hasLoops ? this.#why(signatureOf(method, request)) : undefined;
  }

  /** Throws RunInterrupted(`reboot-loop`) for an RPC that is not to be sent. */
  refuse<N extends CpeMethodName>(method: N, request: CpeRequest<N>): void {
    const why = this.why(method, request);
    if (why !== undefined) throw new RunInterrupted('reboot-loop', why);
  }

  /** The same for a request of which every RPC made the CPE boot. */
  refuseRequest(id: string): void {
    const why = this.#hasLoops ? this.#why(id) : undefined;
    if (why !== undefined) throw new RunInterrupted('reboot-loop', why);
  }

  /** What became of an RPC that was sent while `serves` had its turn. Never rejects. */
  async told<N extends CpeMethodName>(
    method: N,
    request: CpeRequest<N>,
    outcome: CallOutcome<N>,
    serves: string | undefined,
  ): Promise<void> {
    if (outcome.kind !== 'lost' && !this.#hasLoops) return;
    const { store, clock, metrics, log } = this.#context;
    const { key } = this.#record();
    try {
      if (outcome.kind !== 'lost') {
        await this.#endLoop(signatureOf(method, request));
        return;
      }
      const lost = lostRpc(method, request, outcome, { request: serves, at: clock.now() });
      if (lost === undefined) return;
      const kept = await store.devices.saveLostRpc(key, this.#epoch, lost);
      if (kept === 'counted') this.#shared.changed(key);
    } catch (error) {
      // It is learnt another time.
      metrics.count('failure', 'loop-breaker');
      log.warn({ device: key.device, err: error }, 'what a CPE fell over could not be kept');
    }
  }

  /** What was answered is no loop, even though the CPE once rebooted under it. */
  async #endLoop(subject: string): Promise<void> {
    const { key, trouble } = this.#record();
    if (loopOf(trouble, subject, this.#context.clock.now()) === undefined) return;
    await this.#context.store.devices.endLoop(key, this.#epoch, subject);
  }

  get #hasLoops(): boolean {
    const { trouble } = this.#record();
    return trouble !== undefined && trouble.loops.length > 0;
  }

  #why(subject: string): string | undefined {
    const { clock, metrics, log } = this.#context;
    const { key, trouble } = this.#record();
    const loop = loopOf(trouble, subject, clock.now());
    if (loop === undefined || loop.boots < BOOTS_IN_A_ROW) return undefined;
    const { method, boots } = loop;
    metrics.count('failure', 'reboot-loop');
    log.warn({ device: key.device, method, boots }, 'an RPC is not sent: the CPE reboots over it');
    return `reboot-loop: the CPE rebooted ${boots} times in a row with this ${method} in flight; it is not sent again until the CPE has other software or a day is over`;
  }
}
