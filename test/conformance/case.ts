// A case of the plan as data and a function, and how its metrics are kept.
import type { CpeOptions } from '../cpe/options.ts';
import type { Eut, Test } from './eut.ts';

/** Notes whether a metric is met; `found` says what was there instead. */
export type Metric = (number: number, met: boolean, found?: string) => void;

/** What a gateway of a case's own is started with. */
export interface Preparation {
  readonly settings?: Readonly<Record<string, string>>;
  readonly cpe?: Partial<CpeOptions>;
  /** For the case itself. */
  readonly facts?: Readonly<Record<string, string>>;
}

export interface Case {
  /** The plan's number, or the name of one of ours. */
  readonly id: string;
  readonly title: string;
  /** It has to do with the CPE: RPCs are expected. All others must make none. */
  readonly cpe?: true;
  /** On a gateway of its own: what it does would spoil others, or the gateway or the CPE differ. */
  readonly alone?: true | Preparation | ((t: Test) => Preparation);
  readonly run: (eut: Eut, metric: Metric) => Promise<void>;
}

/** What a case needs of this machine is not here. */
export class Missing extends Error {}

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
  eut.begin();
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
  const rpcs = eut.rpcs().map(({ method }) => method);
  if (one.cpe !== true) {
    if (rpcs.length === 0) met.push('no RPC');
    else missed.push(`no RPC: ${rpcs.join(', ')}`);
    if (eut.calls() === 0) met.push('no Connection Request');
    else missed.push('a Connection Request, though nothing is wanted of the CPE');
  }
  const faults = eut.takeFaults();
  if (faults.length === 0) met.push('every Record: Endpoint IDs, schema, grammar, instance numbers');
  else missed.push(...faults.slice(0, 5));
  return { met, missed };
}
