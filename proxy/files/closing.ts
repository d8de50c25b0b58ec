// How a connection ends after its last answer. That all bytes were handed to the system does not say that they came: a
// line that drops then takes the end of a firmware with it, and the CPE asks for the rest. So our side is closed first,
// and the other's is waited for: it closes in order once it has read everything, and resets or falls silent otherwise.
import type { Socket } from 'node:net';
import type { Clock } from '../operate/clock.ts';

/** A slow line may still be taking what the system has buffered, up to some megabytes. */
const PATIENCE_MS = 600_000;

export class Closing {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #patient = new WeakSet<Socket>();
  readonly #last = new WeakSet<Socket>();

  /** `limitMs`: how long a connection stays after an answer that nobody need have read. */
  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** Node calls this method after the last answer, and would drop the connection as soon as the system has taken that. */
  watch(socket: Socket): void {
    socket.destroySoon = () => {
      socket.end();
      const limitMs = this.#patient.has(socket) ? PATIENCE_MS : this.#limitMs;
      const timer = this.#clock.after(limitMs, () => socket.destroy());
      socket.once('close', () => timer.cancel());
    };
  }

  /** Whether an answer on it is to be its last: what is asked on it since is not answered. */
  isLast(socket: Socket): boolean {
    return this.#last.has(socket);
  }

  /**
   * The answer that is about to be written is the last. Resolves with whether it was read: the other side has closed in
   * order after everything was handed over (`isWritten`), and not before. One that had closed its half at once gives no
   * such sign: there it is enough that nothing failed.
   */
  received(socket: Socket, isWritten: () => boolean): Promise<boolean> {
    this.#last.add(socket);
    this.#patient.add(socket);
    if (socket.destroyed) return Promise.resolve(false);
    const closedAtOnce = socket.readableEnded;
    return new Promise((resolve) => {
      socket.once('end', () => resolve(isWritten() && socket.writableLength === 0));
      socket.once('close', (hadError) => resolve(closedAtOnce && !hadError));
    });
  }
}
