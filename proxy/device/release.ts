// The way back: a device is told to open its sessions with another ACS, and is not called any more. It is given back as it
// would be without us: with the ParameterKey that its own ACS set last, and without the notifications that we asked for.
import type { CpeRequest } from '../rpc/methods.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { MailboxEntry } from '../store/mailbox-steps.ts';
import type { CpeAccess, Runner, RunResult } from './access.ts';
import type { DeviceContext, WakeOutcome } from './settings.ts';

/** Kind of the entry; its payload is a `ReleaseOrder` in JSON. */
export const RELEASE = 'release';

export interface ReleaseOrder {
  readonly url: string;
  /** '' leaves what the CPE has. */
  readonly username: string;
  readonly password: string;
}

const ROOT_UNKNOWN = 'the root of the device is not known: its Informs named no parameter';

export const releaseRunner = ({ store, clock }: Pick<DeviceContext, 'store' | 'clock'>): Runner => ({
  async run({ payload }: MailboxEntry, access): Promise<RunResult> {
    const order = JSON.parse(payload) as ReleaseOrder;
    const { key, epoch, facts } = access.record;
    if (facts.root === '') return failed(ROOT_UNKNOWN);
    const view = await store.upstream.readUpstream(key);
    await giveBackNotifications(access);
    const values = valuesOf(order, `${facts.root}ManagementServer.`);
    const ParameterKey = view?.upstream.ParameterKey ?? '';
    // The first is the URL: what proves that it happened. The rest is not for the journal.
    const proof = values.slice(0, 1);
    const answer = await access.change({
      method: 'SetParameterValues',
      request: () => ({ ParameterList: values, ParameterKey }),
      journalledAs: { ParameterList: proof, ParameterKey },
      snapshot: { kind: 'values', before: [], set: proof.map(({ Name, Value }) => [Name, Value]) },
    });
    if (answer.kind === 'fault') return failed(`${answer.fault.FaultCode} ${answer.fault.FaultString}`);
    if (answer.kind === 'empty') return failed('the device does not know SetParameterValues');
    await store.upstream.markReleased(key, epoch, { url: order.url, at: clock.now() });
    access.close();
    return { state: 'succeeded', error: '', answer: undefined };
  },
  answerFor: () => undefined,
});

const failed = (error: string): RunResult => ({ state: 'failed', error, answer: undefined });

type Value = CpeRequest<'SetParameterValues'>['ParameterList'][number];

function valuesOf({ url, username, password }: ReleaseOrder, server: string): readonly Value[] {
  const named = Object.entries({ URL: url, Username: username, Password: password });
  return named
    .filter(([, value]) => value !== '')
    .map(([name, Value]) => ({ Name: server + name, Value, Type: 'xsd:string' }));
}

/** What the CPE does not take stays as it is: a superfluous event at the other ACS is no reason to keep the device. */
async function giveBackNotifications(access: CpeAccess): Promise<void> {
  const ours = [...access.ledger].filter(
    ([, { notification, before }]) => notification !== 0 && notification !== before,
  );
  if (ours.length === 0) return;
  const ParameterList = ours.map(([Name, { before }]) => ({
    Name,
    NotificationChange: true,
    Notification: before,
    AccessListChange: false,
    AccessList: [],
  }));
  await access.change({
    method: 'SetParameterAttributes',
    request: () => ({ ParameterList }),
    snapshot: { kind: 'none' },
  });
}

/** A device that went to another ACS would answer our Connection Request to that one. */
export function whyReleased({ released }: DeviceRecord): WakeOutcome | undefined {
  if (released === undefined) return undefined;
  const detail = `the device was handed over to ${released.url} at ${new Date(released.at).toISOString()}`;
  return { accepted: false, retryable: false, outcome: 'released', detail, trace: [] };
}
