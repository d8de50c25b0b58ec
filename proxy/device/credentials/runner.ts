// Gives a device credentials of its own. They are stored before they leave, and those of before stay good until an Inform
// shows the new ones: so it may end anywhere, and may be done again with the same ones (facts: §12).
import type { Randomness } from '../../operate/clock.ts';
import { CausewayError } from '../../errors.ts';
import type { CredentialSteps } from '../../store/credential-steps.ts';
import type { CpeRequest } from '../../rpc/methods.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { MailboxEntry } from '../../store/mailbox-steps.ts';
import { type CpeAccess, RunInterrupted, type Runner, type RunResult } from '../access.ts';
import { mayHaveOwn } from './due.ts';
import { makePair, openPairs, type OwnPair } from './pair.ts';
import type { KeyRing } from './sealing.ts';

/** Kind of the entry; it has no payload. */
export const CREDENTIALS = 'credentials';

const NAME_STAYS = 'the device is known by its user name, or that would be too long';
const ROOT_UNKNOWN = 'the root of the device is not known: its Informs named no parameter';

export interface CredentialsRunnerContext {
  readonly steps: CredentialSteps;
  readonly ring: KeyRing;
  /** User name of the credentials that all CPEs share. */
  readonly sharedUsername: string;
  readonly randomness: Randomness;
  /** What became of it. */
  readonly given: (outcome: 'given' | 'refused') => void;
}

export const createCredentialsRunner = (context: CredentialsRunnerContext): Runner => ({
  async run(_entry: MailboxEntry, access): Promise<RunResult> {
    const { root } = access.record.facts;
    if (root === '') return failed(ROOT_UNKNOWN);
    const { device } = access.record.key;
    if (!mayHaveOwn(device, serialOf(access.record), context.sharedUsername)) return failed(NAME_STAYS);
    // An Inform has shown it since: it was given before the link was lost.
    if (access.resumed && access.record.credentials.next === undefined) return succeeded;
    const pair = await nextPair(context, access);
    const answer = await access.change({
      method: 'SetParameterValues',
      request: (ParameterKey) => ({ ParameterList: valuesOf(pair, `${root}ManagementServer.`), ParameterKey }),
      journalledAs: { pair: pair.id },
      isRepeatable: true,
      snapshot: { kind: 'none' },
    });
    // It is done when the session ends (quirk 28).
    if (answer.kind === 'response' && answer.value.Status === 1) access.close();
    context.given(answer.kind === 'response' ? 'given' : 'refused');
    if (answer.kind === 'fault') return failed(`${answer.fault.FaultCode} ${answer.fault.FaultString}`);
    return answer.kind === 'empty' ? failed('the device does not know SetParameterValues') : succeeded;
  },
  answerFor: () => undefined,
});

const succeeded: RunResult = { state: 'succeeded', error: '', answer: undefined };
const failed = (error: string): RunResult => ({ state: 'failed', error, answer: undefined });

/** '' for a device that takes its user name for one. */
const serialOf = ({ identity, facts }: DeviceRecord): string =>
  identity.SerialNumber === facts.username ? '' : identity.SerialNumber;

/** The one that the device is being given already, since it may have it; else a new one. Stored when this resolves. */
async function nextPair({ steps, ring, randomness }: CredentialsRunnerContext, access: CpeAccess): Promise<OwnPair> {
  const { key, epoch, credentials } = access.record;
  const known = openPairs(ring, access.record).next === undefined ? undefined : credentials.next;
  const next = { ...(known ?? makePair(ring, key.device, access.now(), randomness)), at: access.now() };
  const saved = await steps.saveNext(key, epoch, next);
  if (saved === 'stale') throw new RunInterrupted('link-lost', 'another session has taken the device over');
  const pair = openPairs(ring, { key, credentials: { current: undefined, next } }).next;
  if (pair === undefined) throw new CausewayError('CAUSEWAY_BUG', 'what was just sealed does not open');
  return pair;
}

type Value = CpeRequest<'SetParameterValues'>['ParameterList'][number];

/** In one RPC, which a CPE takes whole or not at all (TR-069 A.3.2.1). */
function valuesOf({ username, acsPassword, connectionRequestPassword }: OwnPair, server: string): readonly Value[] {
  const named = {
    Username: username,
    Password: acsPassword,
    ConnectionRequestUsername: username,
    ConnectionRequestPassword: connectionRequestPassword,
  };
  return Object.entries(named).map(([name, Value]) => ({ Name: server + name, Value, Type: 'xsd:string' }));
}
