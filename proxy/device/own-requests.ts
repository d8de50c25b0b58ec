// Requests that this node itself makes of a device and waits for, as a Controller would: through the mailbox, in their turn.
// What a restart of the node loses with them is an answer that nobody waits for any more.
import type { Clock, Timer } from '../operate/clock.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { DeviceRoom } from './room.ts';

export interface OwnRequestsContext {
  readonly clock: Clock;
  readonly incarnation: string;
  readonly submit: DeviceRoom['submit'];
  /** In milliseconds: after that nobody waits, though each request has its outcome sooner. */
  readonly limitMs: number;
}

export type OwnAnswer =
  | { readonly kind: 'answered'; readonly answer: string }
  /** The mailbox takes no more. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'late' };

const OWN = 'own:';

export class OwnRequests {
  readonly #context: OwnRequestsContext;
  readonly #waiting = new Map<string, (answer: OwnAnswer) => void>();
  #asked = 0;

  constructor(context: OwnRequestsContext) {
    this.#context = context;
  }

  /** `kind`: of a runner, whose answer comes as it is. */
  async ask(record: DeviceRecord, kind: string, payload: string): Promise<OwnAnswer> {
    const { clock, incarnation, submit, limitMs } = this.#context;
    this.#asked += 1;
    const returnPath = `${OWN}${incarnation}.${this.#asked}`;
    let timer: Timer | undefined;
    const answered = new Promise<OwnAnswer>((resolve) => {
      this.#waiting.set(returnPath, resolve);
      timer = clock.after(limitMs, () => resolve({ kind: 'late' }));
    });
    try {
      const submitted = await submit(record.key, { kind, payload, origin: undefined, returnPath }, record);
      return submitted.kind === 'refused' ? { kind: 'refused' } : await answered;
    } finally {
      timer?.cancel();
      this.#waiting.delete(returnPath);
    }
  }

  /** False for what is for somebody else. */
  answered(returnPath: string | undefined, answer: string): boolean {
    if (returnPath?.startsWith(OWN) !== true) return false;
    this.#waiting.get(returnPath)?.({ kind: 'answered', answer });
    return true;
  }
}
