// The return path of a request that came in a Session Context: a Controller that is back on another connection gets its
// answer there, in the context, so the path says whose Controller it is. `<incarnation>/<connection>/<tenant>`.

export const sessionPath = (path: string, tenant: string): string => `${path}/${tenant}`;

/** Undefined: the request came outside of any. */
export function sessionOfPath(returnPath: string): { readonly path: string; readonly tenant: string } | undefined {
  const end = returnPath.indexOf('/', returnPath.indexOf('/') + 1);
  return end < 0 ? undefined : { path: returnPath.slice(0, end), tenant: returnPath.slice(end + 1) };
}
