// The embedded store: every document in one log on disk, one process, no server. One node only.
import { DocumentCatalogues } from '../documents/catalogues.ts';
import { DocumentCredentials } from '../documents/credentials.ts';
import { DocumentFirmware } from '../documents/firmware.ts';
import { DocumentGrants } from '../documents/grants.ts';
import { DocumentMailbox } from '../documents/mailbox.ts';
import { DocumentOperations } from '../documents/operations.ts';
import { DocumentTenants, ParsedTemplates } from '../documents/tenants.ts';
import { DocumentTransfers } from '../documents/transfers.ts';
import { DocumentUpstream } from '../documents/upstream.ts';
import type { Store } from '../store.ts';
import { EmbeddedDevices } from './registry.ts';
import { EmbeddedDue } from './due.ts';
import { EmbeddedEnrolments } from './enrolments.ts';
import { EmbeddedHomes } from './homes.ts';
import { EmbeddedImages } from './images.ts';
import { type DocumentLog, LogDocuments } from './log-documents.ts';
import { EmbeddedNodes } from './nodes.ts';
import { EmbeddedOutbox } from './outbox-index.ts';

/** `now` in milliseconds since the epoch. The store owns the log from here on and closes it. */
export function createEmbeddedStore(log: DocumentLog, now: () => number): Store {
  const documents = new LogDocuments(log);
  const homes = new EmbeddedHomes(documents);
  return {
    devices: new EmbeddedDevices(documents, homes),
    mailbox: new DocumentMailbox(documents),
    transfers: new DocumentTransfers(documents),
    operations: new DocumentOperations(documents),
    firmware: new DocumentFirmware(documents),
    images: new EmbeddedImages(documents),
    outbox: new EmbeddedOutbox(documents),
    enrolments: new EmbeddedEnrolments(documents, homes),
    credentials: new DocumentCredentials(documents),
    tenants: new DocumentTenants(documents, new ParsedTemplates()),
    catalogues: new DocumentCatalogues(documents, now),
    upstream: new DocumentUpstream(documents),
    grants: new DocumentGrants(documents),
    due: new EmbeddedDue(documents),
    nodes: new EmbeddedNodes(documents),
    ping: () => documents.flushed(),
    close: () => documents.close(),
  };
}
