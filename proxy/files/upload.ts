// A CPE brings a file: configuration, logs. It is acknowledged once it is safe, and of half a file nothing is kept.
import type { IncomingMessage } from 'node:http';
import type { Blob, BlobAbout, Put } from '../store/blobs/blobs.ts';
import type { GrantRecord } from '../store/grant-steps.ts';
import { type Pace, watchPace } from './pace.ts';
import type { Refusal } from './refusals.ts';
import type { FilesContext, Visit } from './server.ts';

export async function upload(context: FilesContext, visit: Visit, id: string, grant: GrantRecord): Promise<void> {
  const { request, response, refuse, transfers } = visit;
  const { blobs } = context;
  const reason = faultOf(request) ?? (await blobs.refusal(Number(request.headers['content-length'] ?? 0)));
  if (reason !== undefined) {
    refuse(reason);
    return;
  }
  const transfer = transfers.begin(id, 0);
  if (typeof transfer === 'string') {
    refuse(transfer);
    return;
  }
  try {
    if (visit.waitsForContinue) response.writeContinue();
    await take(context, visit, id, grant);
  } finally {
    transfer.end();
  }
}

/** What can be told before a byte of the body is there. */
function faultOf({ headers }: IncomingMessage): Refusal | undefined {
  if (/^\s*multipart\//i.test(headers['content-type'] ?? '')) return 'multipart';
  if (!/^\s*(?:identity\s*)?$/i.test(headers['content-encoding'] ?? '')) return 'content-encoding';
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
    ? 'no-length'
    : undefined;
}

async function take(context: FilesContext, visit: Visit, id: string, grant: GrantRecord): Promise<void> {
  const { blobs, clock, settings, log, metrics } = context;
  const { request, response, refuse } = visit;
  const { device, name, fileType, tenant } = grant;
  const about: BlobAbout = { name, fileType, vendor: '', model: '', version: '', device, ...(tenant && { tenant }) };
  const state = { tooSlow: false };
  const pace = watchPace(clock, settings.idleMs, () => {
    state.tooSlow = true;
    request.destroy();
  });
  const put: Put = await blobs.put(bodyOf(request, pace), about).finally(() => pace.stop());
  if (put.kind === 'cut-off') {
    const outcome = state.tooSlow ? 'upload-too-slow' : 'upload-cut-off';
    metrics.count('files_transfer', outcome);
    log.info({ device, outcome }, 'an upload');
    return;
  }
  if (put.kind === 'refused') {
    refuse(put.reason);
    return;
  }
  const { blob } = put;
  const reason = await use(context, id, blob);
  if (reason !== undefined) {
    refuse(reason);
    return;
  }
  metrics.count('files_transfer', 'uploaded');
  log.info({ device, file: blob.id, bytes: blob.size, outcome: 'uploaded' }, 'an upload');
  response.writeHead(201, { 'Content-Length': 0, ETag: `"${blob.checksums['SHA-256']}"` }).end();
}

/**
 * Stored first and counted then: a crash between the two leaves one file too many, never a grant without its file. Why it
 * is taken back where it may not be.
 */
async function use({ blobs, steps }: FilesContext, id: string, blob: Blob): Promise<Refusal | undefined> {
  let kept = false;
  try {
    // Some clients send an empty body first, to see whether they are let in.
    const used = blob.size === 0 ? 'empty' : await steps.useGrant(id);
    kept = used === 'used';
    return used === 'used' ? undefined : used;
  } finally {
    if (!kept) await blobs.remove(blob.id);
  }
}

/** Left early, the request goes on, so that its sender can be told why. */
async function* bodyOf(request: IncomingMessage, pace: Pace): AsyncGenerator<Uint8Array, void> {
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  for await (const chunk of chunks) {
    pace.moved(chunk.length);
    yield chunk;
  }
}
