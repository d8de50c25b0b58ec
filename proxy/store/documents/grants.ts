// GrantSteps over documents.
import type { Carried, GrantRecord, GrantSteps, Range } from '../grant-steps.ts';
import { type Documents, write } from './documents.ts';

interface GrantDocument extends GrantRecord {
  readonly v: 1;
}

const KEPT_AFTER_EXPIRY_MS = 86_400_000;
/** A CPE loads front to back; of one that jumps about more than this, ranges are forgotten and the file counts as not whole. */
const RANGES = 64;

const grantKey = (id: string): string => `grant/${id}`;

export class DocumentGrants implements GrantSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async saveGrant(id: string, grant: GrantRecord): Promise<void> {
    await this.#save(id, grant);
  }

  async readGrant(id: string): Promise<GrantRecord | undefined> {
    return this.#read(id);
  }

  async recordCarried(id: string, carried: Carried): Promise<GrantRecord | undefined> {
    const grant = this.#read(id);
    if (grant === undefined) return undefined;
    const after = withCarried(grant, carried);
    await this.#save(id, after);
    return after;
  }

  async useGrant(id: string): Promise<'used' | 'used-up'> {
    const grant = this.#read(id);
    if (grant === undefined || grant.used >= grant.count) return 'used-up';
    await this.#save(id, { ...grant, used: grant.used + 1 });
    return 'used';
  }

  #read(id: string): GrantRecord | undefined {
    const document = this.#documents.read<GrantDocument>(grantKey(id));
    if (document === undefined) return undefined;
    const { v: _, ...grant } = document;
    return grant;
  }

  #save(id: string, grant: GrantRecord): Promise<void> {
    const document: GrantDocument = { v: 1, ...grant };
    return this.#documents.commit([write(grantKey(id), document, grant.expiresAt + KEPT_AFTER_EXPIRY_MS)]);
  }
}

function withCarried(grant: GrantRecord, { start, end, size, received, underWay }: Carried): GrantRecord {
  const covered = withRange(grant.covered, [start, end]);
  const sent = grant.sent + (end - start);
  const [first = [0, 0], ...apart] = underWay.reduce(withRange, covered);
  const isWhole = apart.length === 0 && first[0] === 0 && first[1] === size;
  if (received && end === size && isWhole) return { ...grant, sent, used: grant.used + 1, covered: [] };
  return { ...grant, sent, covered };
}

/** Ranges in order, those that touch made one. */
function withRange(ranges: readonly Range[], [start, end]: Range): readonly Range[] {
  if (start >= end) return ranges;
  const apart = ranges.filter(([from, to]) => to < start || from > end);
  const touching = ranges.filter(([from, to]) => to >= start && from <= end);
  const joined: Range = [
    Math.min(start, ...touching.map(([from]) => from)),
    Math.max(end, ...touching.map(([, to]) => to)),
  ];
  return [...apart, joined].sort(([one], [other]) => one - other).slice(0, RANGES);
}
