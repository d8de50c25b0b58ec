// A CPE loads a file: all of it, a part, or only what is known of it.
import type { Blob } from '../store/blobs/blobs.ts';
import type { GrantRecord } from '../store/grant-steps.ts';
import { describe, validatorsOf } from './headers.ts';
import { select } from './range.ts';
import { type Sent, send } from './send.ts';
import type { FilesContext, Visit } from './server.ts';

export async function download(context: FilesContext, visit: Visit, id: string, grant: GrantRecord): Promise<void> {
  const { request, response, refuse } = visit;
  const blob = await context.blobs.find(grant.blob);
  if (blob === undefined) {
    refuse('no-file');
    return;
  }
  const { headers, method = '' } = request;
  const wanted = {
    method,
    range: headers.range,
    ifRange: header(headers['if-range']),
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
  };
  const selection = select(wanted, validatorsOf(blob));
  if (selection.kind === 'changed') refuse('changed');
  else if (selection.kind === 'unsatisfiable') refuse('range', { 'Content-Range': `bytes */${blob.size}` });
  else if (selection.kind === 'not-modified') response.writeHead(304, describe(blob)).end();
  else if (method === 'HEAD') response.writeHead(200, { ...describe(blob), 'Content-Length': blob.size }).end();
  else await carry(context, visit, { id, grant, blob, ...selection });
}

interface Part {
  readonly id: string;
  readonly grant: GrantRecord;
  readonly blob: Blob;
  readonly kind: 'whole' | 'part';
  readonly start: number;
  readonly end: number;
}

async function carry(context: FilesContext, visit: Visit, part: Part): Promise<void> {
  const { blobs, clock, settings, grants, steps, log, metrics } = context;
  const { request, response, transfers, refuse, closing } = visit;
  const { id, grant, blob, start, end } = part;
  const transfer = transfers.begin(id, start);
  if (typeof transfer === 'string') {
    refuse(transfer);
    return;
  }
  try {
    const body = await blobs.read(blob.id, start, end);
    if (body === undefined) {
      refuse('no-file');
      return;
    }
    const received = closing.received(request.socket, () => transfer.sent === end - start);
    response.writeHead(part.kind === 'whole' ? 200 : 206, {
      ...describe(blob),
      'Content-Length': end - start,
      Connection: 'close',
      ...(part.kind === 'part' && { 'Content-Range': `bytes ${start}-${end - 1}/${blob.size}` }),
    });
    const sent = await send(response, body, clock, settings.idleMs, (bytes) => transfer.moved(bytes));
    transfer.stop();
    if (sent === 'all') response.end();
    else response.destroy();
    const record = async (): Promise<string> => {
      const carried = { start, end: start + transfer.sent, size: blob.size, received: await received };
      const after = await steps.recordCarried(id, { ...carried, underWay: transfers.underWay(id) });
      return outcomeOf(sent, carried.received, (after?.used ?? 0) > grant.used);
    };
    const outcome = await grants.settle(id, record());
    metrics.count('files_transfer', outcome);
    log.info(
      { device: grant.device, file: blob.id, start, bytes: transfer.sent, of: end - start, outcome },
      'a download',
    );
  } finally {
    transfer.end();
  }
}

const outcomeOf = (sent: Sent, received: boolean, whole: boolean): string => {
  if (sent === 'too-slow') return 'download-too-slow';
  if (sent === 'gone' || !received) return 'download-cut-off';
  return whole ? 'downloaded' : 'download-part';
};

const header = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];
