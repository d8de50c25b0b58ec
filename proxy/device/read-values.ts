// Values of many parameters, in batches that the CPE can bear. One unknown name kills a whole GetParameterValues without
// saying which (9005), and some CPEs just answer less than was asked (quirk 21): both are found out here.
import type { CpeResponse } from '../rpc/methods.ts';
import type { ParameterValueItem } from '../rpc/structs.ts';
import type { Answer, CpeAccess } from './access.ts';

export interface ReadFailure {
  /** CWMP fault code; 0 when the CPE answered with nothing. */
  readonly FaultCode: number;
  readonly FaultString: string;
}
export interface ReadValues {
  readonly values: ReadonlyMap<string, ParameterValueItem>;
  /** Names that the CPE does not have. */
  readonly missing: ReadonlySet<string>;
  /** Names that could not be read for another reason. */
  readonly failed: ReadonlyMap<string, ReadFailure>;
}

/** Faults that fewer names may cure: 9002 internal error, 9003 invalid arguments, 9004 resources exceeded, 9005. */
const SPLITS = new Set([9002, 9003, 9004, 9005]);
const INVALID_NAME = 9005;

/** What reading takes of an access. */
type ReadAccess = Pick<CpeAccess, 'read' | 'readBatch'>;

class Reading {
  readonly values = new Map<string, ParameterValueItem>();
  readonly missing = new Set<string>();
  readonly failed = new Map<string, ReadFailure>();
  readonly #access: ReadAccess;

  constructor(access: ReadAccess) {
    this.#access = access;
  }

  async read(names: readonly string[]): Promise<void> {
    const answer = await this.#access.read('GetParameterValues', { ParameterNames: names });
    if (answer.kind === 'response') this.#take(names, answer.value);
    else if (answer.kind === 'fault' && names.length > 1 && SPLITS.has(answer.fault.FaultCode)) {
      const half = names.length >> 1;
      await this.read(names.slice(0, half));
      await this.read(names.slice(half));
    } else this.#refuse(names, answer);
  }

  #take(names: readonly string[], { ParameterList }: CpeResponse<'GetParameterValues'>): void {
    let inOrder = ParameterList.length === names.length;
    let index = 0;
    for (const item of ParameterList) {
      const asked = names[index++];
      const name = asNamed(item.Name, asked);
      this.values.set(name, item);
      inOrder &&= name === asked;
    }
    if (inOrder) return;
    for (const name of names) if (!this.values.has(name)) this.missing.add(name);
  }

  #refuse(names: readonly string[], answer: Exclude<Answer<'GetParameterValues'>, { kind: 'response' }>): void {
    const fault =
      answer.kind === 'fault' ? answer.fault : { FaultCode: 0, FaultString: 'the CPE answered with nothing' };
    for (const name of names) {
      if (fault.FaultCode === INVALID_NAME) this.missing.add(name);
      else this.failed.set(name, { FaultCode: fault.FaultCode, FaultString: fault.FaultString });
    }
  }
}

/** A name that was answered; the very string that was asked for where they are equal, since its hash is known already. */
export const asNamed = (answered: string, asked: string | undefined): string =>
  asked !== undefined && answered === asked ? asked : answered.trim();

export function* batches(names: readonly string[], size: number): Generator<readonly string[]> {
  for (let from = 0; from < names.length; from += size) yield names.slice(from, from + size);
}

/** Full parameter names, each once. */
export async function readValues(access: ReadAccess, names: readonly string[]): Promise<ReadValues> {
  const reading = new Reading(access);
  for (const batch of batches(names, access.readBatch)) await reading.read(batch);
  return reading;
}
