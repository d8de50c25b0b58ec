// Runs the cases of one chapter part and holds what comes out against results.tsv: a regression breaks, and so does a case
// that passes while the file says it fails.
import type { Test as TapTest } from 'tap';
import type { CpeOptions } from '../cpe/options.ts';
import { type Case, Missing, type Outcome, outcomeOf } from './case.ts';
import { type Eut, startEut } from './eut.ts';
import { type Row, storedResults } from './results.ts';

export interface PartOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly cpe?: Partial<CpeOptions>;
}

/** `CONFORMANCE_LATER=run` tries what is marked as later, and says what passes by now. */
const TRIES_LATER = process.env['CONFORMANCE_LATER'] === 'run';
/** `CONFORMANCE_ONLY=1.1,1.2` runs those alone. */
const ONLY = process.env['CONFORMANCE_ONLY']?.split(',');

export async function runPart(
  t: TapTest,
  cases: readonly Case[],
  { settings = {}, cpe = {} }: PartOptions = {},
): Promise<void> {
  const results = storedResults();
  const wanted = cases.filter(({ id }) => {
    const isLater = results.get(id)?.result === 'later';
    return (ONLY?.includes(id) ?? true) && (!isLater || TRIES_LATER);
  });
  if (wanted.length === 0) {
    t.pass('no case of this part can be run yet');
    return;
  }
  const shared = wanted.some(({ alone }) => alone === undefined) ? await startEut(t, settings, cpe) : undefined;
  for (const one of wanted) {
    await t.test(`${one.id} ${one.title}`, async (t) => {
      const own = one.alone === undefined ? undefined : await startOwn(t, one.alone, settings, cpe);
      if (own instanceof Missing) {
        t.pass(own.message);
        return;
      }
      const eut = own ?? shared;
      if (eut === undefined) throw new Error('nothing to test');
      const outcome = await outcomeOf(one, eut);
      if (eut === shared) await eut.tidy();
      hold(t, outcome, results.get(one.id));
    });
  }
  if (shared !== undefined) await t.test('afterwards', async (t) => checkEnd(t, shared));
}

/** A gateway of the case's own; what it lacks where it cannot be started here. */
async function startOwn(
  t: TapTest,
  alone: NonNullable<Case['alone']>,
  settings: Readonly<Record<string, string>>,
  cpe: Partial<CpeOptions>,
): Promise<Eut | Missing> {
  try {
    const prepared = alone === true ? {} : typeof alone === 'function' ? alone(t) : alone;
    return await startEut(t, { ...settings, ...prepared.settings }, { ...cpe, ...prepared.cpe }, prepared.facts);
  } catch (error) {
    if (error instanceof Missing) return error;
    throw error;
  }
}

function hold(t: TapTest, { met, missed }: Outcome, row: Row | undefined): void {
  if (row === undefined) {
    t.fail('the case is not in results.tsv', { met, missed });
  } else if (row.result === 'pass') {
    for (const metric of met) t.pass(metric);
    for (const metric of missed) t.fail(metric);
  } else if (row.result === 'later') {
    t.comment(missed.length === 0 ? `PASSES NOW: ${row.id}` : `not yet: ${row.id}: ${missed.join('; ')}`);
    t.pass('later');
  } else {
    t.equal(row.result, 'fail', 'only cases that apply have a test');
    t.not(missed.length, 0, 'it fails as results.tsv says; where it passes now, results.tsv is to say so');
    t.comment(missed.join('; '));
  }
}

function checkEnd(t: TapTest, eut: Eut): void {
  t.same(eut.takeFaults(), [], `${eut.records()} Records read alike by two decoders`);
  t.same(eut.cpe.complaints, [], 'nothing was written to the CPE that real ones would stumble over');
}
