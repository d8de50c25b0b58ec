// Which page of a list is wanted: `limit` entries after the id `after`. Pure.

const PAGE = 100;
const LARGEST_PAGE = 1000;

export type Page =
  | { readonly ok: true; readonly after: string; readonly limit: number }
  | { readonly ok: false; readonly message: string };

/** `query`: by name, what the URL has; a name that stands twice has a list. */
export function readPage(query: unknown): Page {
  const { after = '', limit = String(PAGE), ...others } = { ...(query as Readonly<Record<string, unknown>>) };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return { ok: false, message: `only after and limit are known, not ${unknown}` };
  if (typeof after !== 'string') return { ok: false, message: 'after stands more than once' };
  const wanted = typeof limit === 'string' && /^[0-9]{1,9}$/.test(limit) ? Number(limit) : 0;
  if (wanted === 0) return { ok: false, message: 'limit is a whole number from 1 on' };
  return { ok: true, after, limit: Math.min(LARGEST_PAGE, wanted) };
}
