// What a CPE fell over, within its state document: RPCs lost with the link, and whether a BOOT followed. Pure.
import type { LostRpc, RebootLoop, Trouble } from '../device-steps.ts';

/** Of one device; the oldest goes. */
const LOOPS_KEPT = 8;
/** Lost RPCs of so long ago are not "in a row" with one of today. */
const LOOP_KEPT_MS = 24 * 3_600_000;

/** JSON leaves out what is undefined. */
export interface TroubleDocument {
  readonly lost?: LostRpc;
  readonly loops?: readonly RebootLoop[];
  readonly lostRead?: { readonly names: number; readonly at: number };
}

export const troubleOf = (document: TroubleDocument | undefined): Trouble | undefined =>
  document === undefined
    ? undefined
    : {
        lost: document.lost === undefined ? undefined : { ...document.lost, request: document.lost.request },
        loops: document.loops ?? [],
        lostRead: document.lostRead,
      };

/** An RPC was lost. */
export const withLost = (before: TroubleDocument | undefined, lost: LostRpc): TroubleDocument => ({
  ...before,
  lost,
  ...(lost.names > 1 ? { lostRead: { names: lost.names, at: lost.at } } : {}),
});

/** The Inform after it has come; `boot`: it told a new one. */
export function afterInform(before: TroubleDocument, boot: boolean, now: number): TroubleDocument {
  const { lost, loops = [], ...others } = before;
  if (lost === undefined) return before;
  const counted = boot ? [lost.signature, lost.request].reduce(countOf(lost.method, now), loops) : loops;
  return { ...others, loops: counted };
}

const countOf =
  (method: string, at: number) =>
  (loops: readonly RebootLoop[], subject: string | undefined): readonly RebootLoop[] => {
    if (subject === undefined) return loops;
    const known = loops.find((loop) => loop.subject === subject && at - loop.at < LOOP_KEPT_MS);
    const others = loops.filter((loop) => loop.subject !== subject);
    return [...others, { subject, method, boots: (known?.boots ?? 0) + 1, at }].slice(-LOOPS_KEPT);
  };

export const withoutLoop = (before: TroubleDocument, subject: string): TroubleDocument => ({
  ...before,
  loops: (before.loops ?? []).filter((loop) => loop.subject !== subject),
});
