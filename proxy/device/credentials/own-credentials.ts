// Credentials of the devices' own, as the rooms around see them: which are good for a device, which Informs are refused
// without them, and when a device is to be given (other) ones. The journal's runner gives them.
import type { Clock, Randomness } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { DeviceRecord, InformToSave } from '../../store/device-steps.ts';
import type { Store } from '../../store/store.ts';
import { isDeviceId } from '../../usp/device-id.ts';
import type { Runner } from '../access.ts';
import type { Arrival } from '../inform.ts';
import type { Submission } from '../room.ts';
import { isBootstrap, isDue, mayHaveOwn } from './due.ts';
import { openPairs, type OwnPairs } from './pair.ts';
import { createCredentialsRunner, CREDENTIALS } from './runner.ts';
import type { Tenancy } from '../tenancy.ts';
import type { KeyRing } from './sealing.ts';

export interface OwnCredentialsSettings {
  /** Devices are given some; those that they have are good in any case. */
  readonly provision: boolean;
  readonly ring: KeyRing;
  /** Undefined: for ever. */
  readonly maxAgeMs: number | undefined;
  /** User name of the credentials that all CPEs share. */
  readonly sharedUsername: string;
  /** Who has its own is refused with those. */
  readonly sharedThenOwn: boolean;
  /** Unless it tells that it was reset to its factory settings. */
  readonly sharedAfterReset: boolean;
}

export interface OwnCredentialsContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: OwnCredentialsSettings;
  readonly tenancy: Tenancy;
}

const eventCodesOf = ({ inform }: Arrival): readonly string[] => inform.Event.map(({ EventCode }) => EventCode);

/** Who asks, in the list of requests: an entry that waits already is not made twice. */
const OURSELVES = 'causeway';

export class OwnCredentials {
  readonly #context: OwnCredentialsContext;
  readonly runner: Runner;

  constructor(context: OwnCredentialsContext) {
    this.#context = context;
    const { store, randomness, settings, metrics } = context;
    this.runner = createCredentialsRunner({
      steps: store.credentials,
      ring: settings.ring,
      sharedUsername: settings.sharedUsername,
      randomness,
      given: (outcome) => metrics.count('own_credentials', outcome),
    });
  }

  /** What counts for a device now. */
  pairsOf(record: Pick<DeviceRecord, 'key' | 'credentials'>): OwnPairs {
    const { settings, metrics, log } = this.#context;
    const pairs = openPairs(settings.ring, record);
    if (pairs.unopened > 0) {
      metrics.count('own_credentials', 'unopened');
      log.error(
        { device: record.key.device },
        'credentials of a device do not open: is a key of credentials.keys missing?',
      );
    }
    return pairs;
  }

  /**
   * Of a user name: one look into the store, for names that can be a device's only; more where it is not of the tenant that
   * one would think. `listener`: whose devices come to it.
   */
  async find(username: string, listener: string | undefined): Promise<OwnPairs | undefined> {
    if (!isDeviceId(username)) return undefined;
    const { store, tenancy } = this.#context;
    const read = (tenant: string): Promise<DeviceRecord | undefined> =>
      store.devices.readDevice({ tenant, device: username });
    const found = await read(tenancy.guess(username, listener));
    const record = found ?? (tenancy.several ? await read(await tenancy.of(username, listener)) : undefined);
    return record === undefined ? undefined : this.pairsOf(record);
  }

  /** What an Inform's own step has to look at. */
  claimOf(arrival: Arrival): Pick<InformToSave, 'presentedPair' | 'wantsOwn'> {
    const { shown } = arrival;
    if (shown === undefined) return {};
    if (shown.kind === 'own') return { presentedPair: shown.pair };
    const { sharedThenOwn, sharedAfterReset } = this.#context.settings;
    return { wantsOwn: sharedThenOwn && !(sharedAfterReset && isBootstrap(eventCodesOf(arrival))) };
  }

  /** `record`: the device after its Inform was saved. */
  isDue(record: DeviceRecord, arrival: Arrival): boolean {
    const { settings, clock, metrics, log } = this.#context;
    const { shown, inform } = arrival;
    const { device } = record.key;
    if (shown === undefined || !mayHaveOwn(device, inform.DeviceId.SerialNumber, settings.sharedUsername)) return false;
    if (shown.kind === 'shared' && record.credentials.current !== undefined) {
      metrics.count('own_credentials', 'shared-again');
      log.warn({ device }, 'a device that has credentials of its own came with the shared ones');
    }
    const { provision, maxAgeMs } = settings;
    if (!provision) return false;
    const moment = { shown, eventCodes: eventCodesOf(arrival), now: clock.now(), maxAgeMs };
    return isDue(record, this.pairsOf(record), moment);
  }

  get provides(): boolean {
    return this.#context.settings.provision;
  }

  submission(device: string): Submission {
    const origin = { from_id: OURSELVES, to_id: device, msg_id: CREDENTIALS };
    return { kind: CREDENTIALS, payload: '', origin, returnPath: undefined };
  }
}
