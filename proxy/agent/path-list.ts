// Lists of paths as the value of one parameter: LowerLayers, ReferenceList. A comma within a search belongs to its path.

/** The paths of a list, white space around them taken off; none for an empty list. */
export function pathsOf(list: string): readonly string[] {
  const paths: string[] = [];
  let from = 0;
  let quoted = false;
  let inSearch = false;
  for (let at = 0; at <= list.length; at += 1) {
    const character = list.charAt(at);
    if (character === '"' && inSearch) quoted = !quoted;
    else if (character === '[' && !quoted) inSearch = true;
    else if (character === ']' && !quoted) inSearch = false;
    else if (at === list.length || (character === ',' && !inSearch)) {
      paths.push(list.slice(from, at).trim());
      from = at + 1;
    }
  }
  return list.trim() === '' ? [] : paths;
}
