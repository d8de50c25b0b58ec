// Comparison of secrets that takes the same time wherever they differ and whatever their lengths.
import { createHash, timingSafeEqual } from 'node:crypto';

export function equalsInConstantTime(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
