// Reference following in a path: `Interface+.Name`, `LowerLayers#2+.Name`, `LowerLayers#*+.Name`.
import type { ReferenceFollowing, Segment } from './path.ts';
import { refuse, type Refusal } from './refusal.ts';
import { endOfDigits, instanceNumber } from './tokens.ts';

/** Part of a path, and where it ends. */
export interface Part<S extends Segment = Segment> {
  readonly segment: S;
  readonly end: number;
}

export const startsReference = (text: string, at: number): boolean =>
  text.startsWith('+', at) || text.startsWith('#', at);

export function readReference(text: string, at: number): Part<ReferenceFollowing> | Refusal {
  if (text.startsWith('+', at)) return { segment: { kind: 'reference', item: 1 }, end: at + 1 };
  const all = text.startsWith('*', at + 1);
  const end = all ? at + 2 : endOfDigits(text, at + 1);
  const item = all ? 'all' : instanceNumber(text.slice(at + 1, end));
  if (item === undefined) return refuse(at + 1, 'expected the number of a list item, or *');
  if (!text.startsWith('+', end)) return refuse(end, 'expected +');
  return { segment: { kind: 'reference', item }, end: end + 1 };
}
