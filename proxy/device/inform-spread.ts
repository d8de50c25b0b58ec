// Spreading the periodic Informs of a fleet over their interval: after a BOOTSTRAP a CPE gets a PeriodicInformTime of its
// own, by a hash of its device id, so that those that were switched on together do not inform together for ever.
import { hash } from 'node:crypto';
import type { CpeAccess, Runner, RunResult } from './access.ts';

/** Kind of the mailbox entry. */
export const SPREAD = 'spread';

const EPOCH = Date.UTC(2000, 0, 1);
const HASH_DIGITS = 12;

/**
 * PeriodicInformTime (TR-069 ManagementServer): a point in time from which the CPE counts intervals, back and forth.
 * The same for a device whenever it is asked for.
 */
export function informTimeOf(device: string, intervalSeconds: number): string {
  const share = Number.parseInt(hash('sha1', device, 'hex').slice(0, HASH_DIGITS), 16) / 16 ** HASH_DIGITS;
  return new Date(EPOCH + Math.floor(share * intervalSeconds) * 1000).toISOString().replace('.000', '');
}

const failed = (error: string): RunResult => ({ state: 'failed', error, answer: undefined });

async function spread(access: CpeAccess): Promise<RunResult> {
  const { key, facts } = access.record;
  const server = `${facts.root}ManagementServer.PeriodicInform`;
  const [Interval, Time] = [`${server}Interval`, `${server}Time`];
  const read = await access.read('GetParameterValues', { ParameterNames: [Interval, Time] });
  const values = new Map(read.kind === 'response' ? read.value.ParameterList.map((one) => [one.Name, one.Value]) : []);
  const seconds = Number(values.get(Interval));
  if (!Number.isSafeInteger(seconds) || seconds <= 0) return failed('the CPE tells no PeriodicInformInterval');
  const Value = informTimeOf(key.device, seconds);
  const set = await access.change({
    method: 'SetParameterValues',
    request: (ParameterKey) => ({ ParameterList: [{ Name: Time, Value, Type: 'dateTime' }], ParameterKey }),
    snapshot: { kind: 'values', before: [[Time, values.get(Time) ?? '']], set: [[Time, Value]] },
  });
  if (set.kind === 'fault') return failed(`the CPE refuses a PeriodicInformTime (${set.fault.FaultCode})`);
  return { state: 'succeeded', error: '', answer: undefined };
}

export const spreadRunner: Runner = { run: (_entry, access) => spread(access), answerFor: () => undefined };
