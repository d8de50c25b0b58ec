// The place below which a translated CPE's own model stands as it is, as far as no rule maps it. What it means nobody here
// knows: only a Permission that names it covers it, not one for all of Device., whatever that allows.
import { RAW_PLACE } from '../../mapping/rules/mirror.ts';

/** Of an element or of a Permission's target. */
export const isRaw = (path: string): boolean => path.startsWith(RAW_PLACE) || `${path}.` === RAW_PLACE;
