// The contract of the store: what every implementation does, group by group.
import type { Test } from 'tap';
import { catalogueContract } from './catalogues.ts';
import { claimContract } from './claims.ts';
import { credentialContract } from './credentials.ts';
import { deviceDataContract } from './device-data.ts';
import { dueContract } from './due.ts';
import { enrolmentContract } from './enrolments.ts';
import { eventContract } from './events.ts';
import { expiryContract } from './expiry.ts';
import { firmwareContract } from './firmware.ts';
import { grantContract } from './grants.ts';
import { homeContract } from './homes.ts';
import { imageContract } from './images.ts';
import { informContract } from './informs.ts';
import { journalContract } from './journal.ts';
import { lessonContract } from './lessons.ts';
import { mailboxContract } from './mailbox.ts';
import { nodeContract } from './nodes.ts';
import { notifyContract } from './notifies.ts';
import { operationContract } from './operations.ts';
import { outboxIndexContract } from './outbox-index.ts';
import { outcomeContract } from './outcomes.ts';
import { registryContract } from './registry.ts';
import { releaseContract } from './release.ts';
import { requestRecordContract } from './request-records.ts';
import type { Contract, OpenStore } from './subject.ts';
import { tenantContract } from './tenants.ts';
import { transferReportContract } from './transfer-reports.ts';
import { transferContract } from './transfers.ts';
import { upstreamContract } from './upstream.ts';
import { wholeContract } from './whole.ts';

const groups: Readonly<Record<string, Contract>> = {
  claims: claimContract,
  informs: informContract,
  events: eventContract,
  release: releaseContract,
  'device data': deviceDataContract,
  registry: registryContract,
  enrolments: enrolmentContract,
  homes: homeContract,
  credentials: credentialContract,
  mailbox: mailboxContract,
  journal: journalContract,
  outcomes: outcomeContract,
  expiry: expiryContract,
  'request records': requestRecordContract,
  transfers: transferContract,
  'transfer reports': transferReportContract,
  operations: operationContract,
  firmware: firmwareContract,
  images: imageContract,
  notifies: notifyContract,
  'outbox index': outboxIndexContract,
  tenants: tenantContract,
  catalogues: catalogueContract,
  lessons: lessonContract,
  upstream: upstreamContract,
  grants: grantContract,
  due: dueContract,
  nodes: nodeContract,
  whole: wholeContract,
};

/** Runs every group against the stores that `openStore` opens. */
export function runContract(t: Test, openStore: OpenStore): void {
  for (const [name, contract] of Object.entries(groups)) {
    t.test(name, async (t) => contract(t, openStore));
  }
}
