// The one GetParameterValues of a boot: what Boot! is to tell of the CPE. Whatever comes in between, Boot! goes on without.
import { RunInterrupted } from './access.ts';
import type { SessionCalls } from './calls.ts';
import type { NamedValue } from './ledger.ts';
import { asNamed } from './read-values.ts';

/** `limit`: in milliseconds since the epoch. Of more names than this CPE bears at once only the first are asked for. */
export async function readForBoot(
  calls: SessionCalls,
  names: readonly string[],
  limit: number,
): Promise<readonly NamedValue[]> {
  const ParameterNames = names.slice(0, calls.readBatch);
  if (ParameterNames.length === 0) return [];
  try {
    const answer = await calls.call('GetParameterValues', { ParameterNames }, limit, 'deadline');
    if (answer.kind !== 'response') return [];
    return answer.value.ParameterList.map(({ Name, Value }, index) => [asNamed(Name, ParameterNames[index]), Value]);
  } catch (error) {
    // The session's own next look finds a link that is lost.
    if (error instanceof RunInterrupted) return [];
    throw error;
  }
}
