// What the third segment of a resource names: a device, or a request of one. An id is opaque, so its percent signs are
// encoded once more in a URL (R-WS.10c); people type it as it is, and that is accepted too (DESIGN "Device id"). Pure.

/** `decoded`: the segment as the router decoded it. The names that may be meant, the likelier first. */
export function namesIn(url: string, decoded: string): readonly string[] {
  const [path = ''] = url.split(/[?#]/, 1);
  const [, , , , literal = ''] = path.split('/');
  return decoded === literal ? [decoded] : [decoded, literal];
}
