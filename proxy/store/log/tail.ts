// The one judgement on which a start depends: is the damaged end of the last segment a write that was cut off, or data
// that was once safe and is lost? Pure.
import { END_OF_SEGMENT, findFrame, frameBytes, frameSynced } from './format.ts';

/**
 * `rest` is what the file holds from the position `damage` on. True when nothing of it was ever known to be on the disk
 * itself: no intact frame in it was written after a sync that covered the damaged place. A kill leaves a part of the
 * last frame; a power cut leaves any part of what was not synced, in any order. An end mark vouches for nothing: it is
 * written before its segment is synced.
 */
export function isUnfinishedWrite(rest: Buffer, damage: number, salt: number): boolean {
  for (let at = findFrame(rest, 1, salt); at >= 0; at = findFrame(rest, at + frameBytes(rest, at, salt), salt)) {
    const synced = frameSynced(rest, at);
    if (synced !== END_OF_SEGMENT && synced > damage) return false;
  }
  return true;
}
