// A case of the plan as data and a function, and how its metrics are kept.
import type { Eut } from './eut.ts';

/** Notes whether a metric is met; `found` says what was there instead. */
export type Metric = (number: number, met: boolean, found?: string) => void;

export interface Case {
  /** The plan's number, or the name of one of ours. */
  readonly id: string;
  readonly title: string;
  /** It has to do with the CPE: RPCs are expected. All others must make none. */
  readonly cpe?: true;
  /** On a gateway of its own: what it does would spoil others. */
  readonly alone?: true;
  readonly run: (eut: Eut, metric: Metric) => Promise<void>;
}

/** The cases of one part of the plan. */
export const part = (cases: readonly Case[]): readonly Case[] => cases;

/** Something that the plan says must happen did not: the case ends here. */
export class Unmet extends Error {
  constructor(wanted: string, found: string) {
    super(`${wanted}: ${found}`);
  }
}

export interface Outcome {
  readonly met: readonly string[];
  readonly missed: readonly string[];
}

/** Runs the case; what it throws is a metric that is not met. */
export async function outcomeOf(one: Case, eut: Eut): Promise<Outcome> {
  const met: string[] = [];
  const missed: string[] = [];
  const before = eut.cpe.rpcs.length;
  try {
    await one.run(eut, (number, isMet, found = '') => {
      if (isMet) met.push(`metric ${number}`);
      else missed.push(`metric ${number}${found === '' ? '' : `: ${found}`}`);
    });
    if (met.length + missed.length === 0) missed.push('the case looked at nothing');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    missed.push(error instanceof Unmet ? error.message : (error.stack ?? error.message));
  }
  const rpcs = eut.cpe.rpcs.slice(before).map(({ method }) => method);
  if (one.cpe !== true) {
    if (rpcs.length === 0) met.push('no RPC');
    else missed.push(`no RPC: ${rpcs.join(', ')}`);
  }
  const faults = eut.takeFaults();
  if (faults.length === 0) met.push('every Record: Endpoint IDs, schema, grammar, instance numbers');
  else missed.push(...faults.slice(0, 5));
  return { met, missed };
}
