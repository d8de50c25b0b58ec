// OutboxSteps on the embedded store: the steps over documents, and the index of what is owed, found by walking the keys.
import { DocumentOutbox, outboxKey } from '../documents/outbox.ts';
import type { OutboxSteps } from '../outbox-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { LogDocuments } from './log-documents.ts';

export class EmbeddedOutbox extends DocumentOutbox implements OutboxSteps {
  readonly #documents: LogDocuments;

  constructor(documents: LogDocuments) {
    super(documents);
    this.#documents = documents;
  }

  async listOutbox(tenant: string, controller: string, after: string, limit: number): Promise<readonly DeviceKey[]> {
    const prefix = outboxKey(tenant, controller, '');
    const paths = this.#documents.keys(prefix, after === '' ? undefined : prefix + after, limit);
    return paths.map((path) => ({ tenant, device: path.slice(prefix.length) }));
  }

  async listOutboxControllers(tenant: string): Promise<readonly string[]> {
    const prefix = `outbox/${tenant}/`;
    const names = this.#documents.keys(prefix).map((path) => path.slice(prefix.length).split('/')[0] ?? '');
    return [...new Set(names)].map(decodeURIComponent);
  }
}
