// Values of many parameters, in batches that the CPE can bear. One unknown name kills a whole GetParameterValues without
// saying which (9005), and some CPEs just answer less than was asked (quirk 21): both are found out here.
import type { CpeResponse } from '../rpc/methods.ts';
import type { ParameterValueItem } from '../rpc/structs.ts';
import type { Answer, CpeAccess } from './access.ts';
import type { ReadFindings } from './read-memory.ts';

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
/** Of these, what may mean that there were too many. */
const TOO_MANY = new Set([9002, 9004]);
const INVALID_NAME = 9005;

/** What reading takes of an access; without a memory nothing is learnt from it. */
export type ReadAccess = Pick<CpeAccess, 'read' | 'readBatch' | 'memory'>;

class Reading {
  readonly values = new Map<string, ParameterValueItem>();
  readonly missing = new Set<string>();
  readonly failed = new Map<string, ReadFailure>();
  readonly #access: ReadAccess;
  #borne = 0;
  #tooLarge: ReadFindings['tooLarge'];

  constructor(access: ReadAccess) {
    this.#access = access;
  }

  async readAll(names: readonly string[]): Promise<void> {
    const { memory } = this.#access;
    if (memory === undefined) {
      await this.#readTogether(names);
      return;
    }
    const { together, alone, absent } = memory.plan(names);
    await this.#readTogether(together);
    for (const name of alone) await this.#read([name]);
    const missing = [...this.missing];
    for (const name of absent) this.missing.add(name);
    const exonerated = alone.filter((name) => this.values.has(name));
    memory.learn({ borne: this.#borne, tooLarge: this.#tooLarge, missing, exonerated });
  }

  /** What was too large once is not tried again by the same read. */
  async #readTogether(names: readonly string[]): Promise<void> {
    for (let from = 0; from < names.length;) {
      const size = Math.min(this.#access.readBatch, this.#tooLarge?.bore ?? Infinity);
      await this.#read(names.slice(from, from + size));
      from += size;
    }
  }

  async #read(names: readonly string[]): Promise<void> {
    const answer = await this.#access.read('GetParameterValues', { ParameterNames: names });
    if (answer.kind === 'response') this.#take(names, answer.value);
    else if (answer.kind === 'fault' && names.length > 1 && SPLITS.has(answer.fault.FaultCode)) {
      const unread = this.failed.size + this.missing.size;
      const half = names.length >> 1;
      await this.#read(names.slice(0, half));
      await this.#read(names.slice(half));
      // Every name of it was read in smaller parts: none was to blame.
      const cured = this.failed.size + this.missing.size === unread;
      if (cured && TOO_MANY.has(answer.fault.FaultCode)) this.#wereTooMany(names.length);
    } else this.#refuse(names, answer);
  }

  #wereTooMany(failed: number): void {
    if (this.#tooLarge === undefined || failed < this.#tooLarge.failed) {
      this.#tooLarge = { failed, bore: failed >> 1 };
    }
  }

  #take(names: readonly string[], { ParameterList }: CpeResponse<'GetParameterValues'>): void {
    this.#borne = Math.max(this.#borne, names.length);
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
  await reading.readAll(names);
  return reading;
}
