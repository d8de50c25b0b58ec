// NodeSteps on the embedded store: one node only, but the incarnations of its earlier runs are told from the present one.
import { remove, write } from '../documents/documents.ts';
import type { NodeSteps } from '../node-steps.ts';
import type { LogDocuments } from './log-documents.ts';

interface Heartbeat {
  readonly v: 1;
  readonly until: number;
}

export class EmbeddedNodes implements NodeSteps {
  readonly #documents: LogDocuments;
  /** Who has beaten in this process; whoever else is on disk is of an earlier run, since the folder is locked. */
  readonly #present = new Set<string>();

  constructor(documents: LogDocuments) {
    this.#documents = documents;
  }

  async heartbeat(incarnation: string, at: number, ttlMs: number): Promise<void> {
    this.#present.add(incarnation);
    const beat: Heartbeat = { v: 1, until: at + ttlMs };
    await this.#documents.commit([write(`node/${incarnation}`, beat)]);
  }

  async listAlive(now: number): Promise<readonly string[]> {
    return this.#list((incarnation, until) => this.#present.has(incarnation) && until > now);
  }

  async listDead(now: number): Promise<readonly string[]> {
    return this.#list((incarnation, until) => !this.#present.has(incarnation) || until <= now);
  }

  async forgetIncarnation(incarnation: string): Promise<void> {
    await this.#documents.commit([remove(`node/${incarnation}`)]);
  }

  #list(wanted: (incarnation: string, until: number) => boolean): string[] {
    return this.#documents.keys('node/').flatMap((path) => {
      const beat = this.#documents.read<Heartbeat>(path);
      const incarnation = path.slice('node/'.length);
      return beat !== undefined && wanted(incarnation, beat.until) ? [incarnation] : [];
    });
  }
}
