// CPEs without an Alias anywhere, as most are: what the Agent calls their rows.
import { dumpOf, type Dump } from '../cpe/dump.ts';
import { dumpRows } from '../cpe/dumps.ts';

/** The tiny gateway, but for parameters that it shall not have. */
export const tinyWithout = (lacks: (path: string) => boolean): Dump =>
  dumpOf(dumpRows('tiny-tr181').filter(({ path }) => !lacks(path)));

export const nameless = (): Dump => tinyWithout((path) => path.endsWith('.Alias'));
