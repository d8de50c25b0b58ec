// An Endpoint ID in a URL: the `eid` of a WebSocket's query, or a segment of its path.
import { isEndpointId } from './endpoint-id.ts';

/** As R-WS.10c has it: the id is opaque, so its percent signs are encoded once more. */
export function encodeEid(endpointId: string): string {
  return endpointId.replaceAll('%', '%25');
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The Endpoint ID in the raw text of a URL; undefined when there is none. Clients differ: R-WS.10c encodes the percent
 * sign only, common libraries the colons too, and people type the id as it is, where `%2D` must stay `%2D`. So the text is
 * decoded only when something in it shows that it was encoded, and what does not decode to an id is taken literally.
 */
export function decodeEid(raw: string): string | undefined {
  const encoded = /%(?:25|3a)/i.test(raw) ? percentDecode(raw) : raw;
  if (isEndpointId(encoded)) return encoded;
  return isEndpointId(raw) ? raw : undefined;
}

export type QueryEid =
  | { readonly ok: true; readonly eid: string }
  | { readonly ok: false; readonly reason: 'eid-missing' | 'eid-repeated' | 'eid-invalid' };

/** Finds `eid=…` (R-WS.10b) in what follows the `?` of a request's target; the query must not be decoded before. */
export function eidOfQuery(query: string): QueryEid {
  const values = query.split('&').filter((pair) => pair.startsWith('eid='));
  const [raw, second] = values;
  if (raw === undefined) return { ok: false, reason: 'eid-missing' };
  if (second !== undefined) return { ok: false, reason: 'eid-repeated' };
  const eid = decodeEid(raw.slice('eid='.length));
  return eid === undefined ? { ok: false, reason: 'eid-invalid' } : { ok: true, eid };
}
