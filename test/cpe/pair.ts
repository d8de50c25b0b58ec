// For the CPE's own tests: one CPE and one scripted ACS, both ended with the test.
import type { Test } from 'tap';
import { createCpe, type Cpe } from './cpe.ts';
import { loadDump } from './dumps.ts';
import type { SessionRecord } from './observe.ts';
import type { CpeOptions } from './options.ts';
import { seededRandom } from './random.ts';
import { startScriptedAcs, type AcsOptions, type AcsPost, type ScriptedAcs } from './scripted-acs.ts';

export interface Pair {
  readonly acs: ScriptedAcs;
  readonly cpe: Cpe;
  /** Opens a session with that event, in which the ACS sends these RPCs; resolves when it has ended. */
  readonly session: (event: string, ...rpcs: readonly string[]) => Promise<SessionRecord>;
  /** As `session`, and resolves with what the CPE posted in answer to the RPCs. */
  readonly answers: (...rpcs: readonly string[]) => Promise<AcsPost[]>;
}

/** Quick, so that tests wait for events and not for time. */
export const QUICK = { rebootTime: 10, diagnosticTime: 5, transferTime: 5, retryScale: 0.001 } as const;

export type PairOptions = Partial<CpeOptions> & { readonly acs?: AcsOptions };

/** The CPE is on and has had no session. */
export async function startPair(t: Test, { acs: acsOptions, ...options }: PairOptions = {}): Promise<Pair> {
  const acs = await startScriptedAcs(acsOptions);
  const cpe = createCpe({
    dump: loadDump('tiny-tr181'),
    acsUrl: acs.url,
    random: seededRandom(1),
    ...options,
    timings: { ...QUICK, ...options.timings },
  });
  t.teardown(async () => {
    await cpe.stop();
    await acs.close();
  });
  await cpe.start([]);
  const session: Pair['session'] = async (event, ...rpcs) => {
    acs.queue(...rpcs);
    const ended = cpe.nextSession();
    cpe.inform(event);
    return await ended;
  };
  return {
    acs,
    cpe,
    session,
    answers: async (...rpcs) => {
      const before = acs.posts.length;
      await session('6 CONNECTION REQUEST', ...rpcs);
      return acs.posts.slice(before).filter(({ method }) => method.endsWith('Response') || method === 'Fault');
    },
  };
}
