// What the API takes to hand a device over to another ACS. Pure.
import type { ReleaseOrder } from '../device/release.ts';

/** TR-069 A.3.2.1 and the model: ManagementServer.URL, Username and Password are string(256). */
const LONGEST = 256;

export type ReadOrder =
  { readonly ok: true; readonly order: ReleaseOrder } | { readonly ok: false; readonly message: string };

/** `body`: whatever JSON came. */
export function readReleaseOrder(body: unknown): ReadOrder {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const { url, username = '', password = '' } = fields;
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST;
  if (!isText(url) || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return { ok: false, message: `url: an http(s) URL of at most ${LONGEST} characters is wanted` };
  }
  if (!isText(username) || !isText(password)) {
    return { ok: false, message: `username and password are texts of at most ${LONGEST} characters` };
  }
  return { ok: true, order: { url, username, password } };
}
