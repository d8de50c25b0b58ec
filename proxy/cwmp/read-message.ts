// What a body says: read strictly and, where that failed on something that can be mended beyond doubt, leniently.
import type { Envelope } from '../soap/envelope.ts';
import { readLeniently } from '../soap/lenient.ts';
import { readEnvelope } from '../soap/read-envelope.ts';
import type { RefusalReason } from '../soap/refusal.ts';

export type ReadMessage =
  /** `mended`: the model whose body only the lenient reading understood. */
  | { readonly ok: true; readonly envelope: Envelope; readonly mended?: string }
  | { readonly ok: false; readonly reason: RefusalReason };

const MENDABLE: ReadonlySet<RefusalReason> = new Set([
  'illegal-character',
  'illegal-reference',
  'unknown-entity',
  'trailing-bytes',
]);

/** `model`: whose session it is; undefined outside a session, where only an Inform is worth mending. */
export function readMessage(text: string, model: string | undefined): ReadMessage {
  const strict = readEnvelope(text);
  if (strict.ok) return strict;
  const lenient = MENDABLE.has(strict.reason) ? readLeniently(text) : undefined;
  if (lenient?.ok !== true) return { ok: false, reason: strict.reason };
  const { message } = lenient.envelope;
  const inform = message.kind === 'request' && message.method === 'Inform' ? message.value : undefined;
  if (model === undefined && inform === undefined) return { ok: false, reason: strict.reason };
  const mended = model ?? `${inform?.DeviceId.OUI ?? ''} ${inform?.DeviceId.ProductClass ?? ''}`;
  return { ok: true, envelope: lenient.envelope, mended };
}
