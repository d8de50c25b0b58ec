// The embedded store: every document in one log on disk, one process, no server. One node only.
import type { Store } from '../store.ts';
import { EmbeddedCatalogues } from './catalogues.ts';
import { EmbeddedDevices } from './devices.ts';
import { type DocumentLog, Documents } from './documents.ts';
import { EmbeddedDue } from './due.ts';
import { EmbeddedMailbox } from './mailbox.ts';
import { EmbeddedNodes } from './nodes.ts';
import { EmbeddedOutbox } from './outbox.ts';
import { EmbeddedTenants } from './tenants.ts';

/** `now` in milliseconds since the epoch. The store owns the log from here on and closes it. */
export function createEmbeddedStore(log: DocumentLog, now: () => number): Store {
  const documents = new Documents(log);
  return {
    devices: new EmbeddedDevices(documents),
    mailbox: new EmbeddedMailbox(documents),
    outbox: new EmbeddedOutbox(documents),
    tenants: new EmbeddedTenants(documents),
    catalogues: new EmbeddedCatalogues(documents, now),
    due: new EmbeddedDue(documents),
    nodes: new EmbeddedNodes(documents),
    ping: () => documents.flushed(),
    close: () => documents.close(),
  };
}
