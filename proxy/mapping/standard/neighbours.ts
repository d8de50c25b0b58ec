// Objects by which a CPE is managed otherwise than over USP: its CWMP client, and a native USP Agent of its own. Whoever
// could read or write them could take the CPE away, so no Controller sees them (facts: cwmp-usp-translation §13), in
// whatever case a CPE spells them, and whatever vendor has copied them. Pure.

/** Directly below the root; `X_EXAMPLE_ManagementServer` is one too. */
const NEIGHBOUR = /^Device\.(?:X_[^.]*_)?(?:(?:CWMP)?ManagementServer|USPAgent)(?:$|[.#+])/i;

/** Whether a path of a CPE, concrete or generalised, lies in one of them, or is one, with or without its last dot. */
export const isNeighbour = (path: string): boolean => NEIGHBOUR.test(path);

const ROOT = /^Device\.?$/i;

/** Whether a reference of a CPE's, a comma-separated list, would lead there. Of the root it would lead everywhere. */
export const refersToNeighbour = (value: string): boolean =>
  value.split(',').some((item) => isNeighbour(item.trim()) || ROOT.test(item.trim()));
