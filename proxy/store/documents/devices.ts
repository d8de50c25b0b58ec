// DeviceSteps over the documents of one device. What spans devices is each store's own.
import type {
  BootMark,
  DeviceFacts,
  DeviceRecord,
  DeviceSteps,
  InformSaved,
  InformToSave,
  LocalEffects,
  LostRpc,
  NewEvent,
  NewTree,
  OwnerStep,
  Quiet,
  Release,
  Released,
  WakeRecord,
} from '../device-steps.ts';
import type { DeviceKey } from '../store.ts';
import { promotion } from './credentials.ts';
import { type Documents, keyOf, remove, write, writeText } from './documents.ts';
import { silence } from './outbox.ts';
import { putBackUnchanged } from './requests.ts';
import { readRecord, Snapshot } from './snapshot.ts';
import {
  addEvents,
  type DeviceDocument,
  isOwner,
  newState,
  ownerStep,
  readState,
  rememberReport,
  type StateDocument,
  unfinished,
  writeState,
} from './state.ts';
import { afterInform, withLost, withoutLoop } from './trouble.ts';
import { NO_FACTS } from './no-facts.ts';

/** Where the device of an Endpoint ID is found. */
export const endpointKey = (tenant: string, endpointId: string): string =>
  `endpoint/${tenant}/${encodeURIComponent(endpointId)}`;

const NO_EFFECTS: LocalEffects = { events: [], silenced: [] };

/** A BOOT that is retried within an unfinished session is the boot that was told already. */
function bootOf(
  inform: InformToSave,
  state: StateDocument,
  known: DeviceDocument | undefined,
  repeat: boolean,
): BootMark | undefined {
  if (!inform.boot || repeat || (inform.retryCount > 0 && state.bootOpen)) return undefined;
  const before = known?.facts.SoftwareVersion ?? '';
  const now = inform.facts.SoftwareVersion ?? before;
  const firmwareUpdated = before !== '' && now !== before;
  return { expected: state.expectedBoot, firmwareUpdated };
}

function claim(inform: InformToSave, state: StateDocument, newBoot: boolean): void {
  // Beyond every epoch of before, even of those that a store forgot which lost its latest writes.
  state.epochBefore = state.epoch;
  state.epoch = Math.max(state.epoch + 1, inform.at);
  state.owner = inform.incarnation;
  state.informAt = inform.at;
  state.informEvents = inform.eventCodes;
  state.digest = inform.digest;
  state.keysSeen ||= inform.ourKey;
  if (newBoot) {
    state.bootAt = inform.at;
    delete state.expectedBoot;
  }
  if (inform.boot) state.bootOpen = true;
  if (inform.endsQuiet) delete state.quiet;
  delete state.waking;
  delete state.released;
}

const FACTS = Object.keys(NO_FACTS) as readonly (keyof DeviceFacts)[];
const sameFacts = (one: DeviceFacts, other: DeviceFacts): boolean => FACTS.every((fact) => one[fact] === other[fact]);

function deviceDocument(inform: InformToSave, known: DeviceDocument | undefined): DeviceDocument {
  const facts: DeviceFacts = { ...NO_FACTS, ...known?.facts, ...inform.facts };
  if (known !== undefined && sameFacts(known.facts, facts)) return known;
  const { createdAt, identity } = known ?? { createdAt: inform.at, identity: inform.identity };
  return { v: 1, createdAt, identity, facts };
}

/** Every step on one device; the caller of `saveInform` has seen to tenant, enrolment, own credentials and the registry's cap. */
export class DocumentDevices implements Omit<DeviceSteps, 'tenantOf' | 'findDevice' | 'listDevices' | 'ownedBy'> {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async saveInform(inform: InformToSave): Promise<InformSaved> {
    const { key } = inform;
    const known = this.#documents.read<DeviceDocument>(keyOf('device', key));
    const state = readState(this.#documents, key) ?? newState();
    const repeat = known !== undefined && inform.retryCount > 0 && state.digest === inform.digest;
    const displaced = state.owner;
    const boot = bootOf(inform, state, known, repeat);
    claim(inform, state, boot !== undefined || known === undefined);
    const writes = repeat ? [] : addEvents(key, state, [inform.event], boot);
    const device = deviceDocument(inform, known);
    if (state.trouble !== undefined) {
      // Other software may bear what this one did not.
      if (device.facts.SoftwareVersion !== known?.facts.SoftwareVersion) delete state.trouble;
      else state.trouble = afterInform(state.trouble, boot !== undefined, inform.at);
    }
    if (device !== known) writes.push(write(keyOf('device', key), device));
    if (known === undefined) writes.push(writeText(endpointKey(key.tenant, device.identity.endpointId), key.device));
    writes.push(...promotion(this.#documents, inform));
    const safe = this.#documents.commit([writeState(key, state), ...writes]);
    const record = new Snapshot(this.#documents, key, device, state);
    await safe;
    return { kind: 'saved', first: known === undefined, repeat, displaced, record };
  }

  async saveReport(key: DeviceKey, epoch: number, digest: string, event: NewEvent): Promise<OwnerStep | 'repeat'> {
    const state = readState(this.#documents, key);
    if (state === undefined || !isOwner(state, epoch)) return 'stale';
    if (!rememberReport(state, digest)) return 'repeat';
    const writes = addEvents(key, state, [event]);
    await this.#documents.commit([writeState(key, state), ...writes]);
    return 'done';
  }

  raiseEvents(key: DeviceKey, epoch: number, events: readonly NewEvent[]): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, (state) => addEvents(key, state, events));
  }

  async release(key: DeviceKey, epoch: number, release: Release): Promise<Released> {
    const state = readState(this.#documents, key);
    if (state === undefined || !isOwner(state, epoch)) return { kind: 'stale' };
    const left = state.running !== undefined && state.running.epoch !== epoch;
    if (!release.force && (left || state.waiting.length > 0)) return { kind: 'waiting' };
    delete state.owner;
    if (release.clean) state.bootOpen = false;
    const done = state.pending.filter((sequence) => sequence <= release.eventsDone);
    state.pending = state.pending.filter((sequence) => sequence > release.eventsDone);
    const writes = [
      ...putBackUnchanged(this.#documents, key, state),
      ...done.map((sequence) => remove(keyOf('event', key, String(sequence)))),
    ];
    if (release.parking !== undefined) writes.push(writeText(keyOf('parking', key), release.parking));
    await this.#documents.commit([writeState(key, state), ...writes]);
    return { kind: 'released', waiting: unfinished(state) };
  }

  async disown(key: DeviceKey, incarnation: string): Promise<void> {
    const state = readState(this.#documents, key);
    if (state === undefined) return;
    if (state.waking?.incarnation === incarnation) delete state.waking;
    const { [incarnation]: attached, ...others } = state.attachments;
    if (attached !== undefined) {
      state.attachments = others;
      state.version += 1;
    }
    const owned = state.owner === incarnation;
    if (owned) delete state.owner;
    const writes = owned ? putBackUnchanged(this.#documents, key, state) : [];
    await this.#documents.commit([writeState(key, state), ...writes]);
  }

  async saveLostRpc(key: DeviceKey, epoch: number, lost: LostRpc): Promise<OwnerStep | 'counted'> {
    const state = readState(this.#documents, key);
    // The session may have been given up meanwhile; an Inform of another one has a higher epoch.
    if (state === undefined || state.epoch < epoch) return 'stale';
    const informed = state.epoch > epoch;
    // Of several Informs since then nobody knows any more which was the next.
    if (informed && state.epochBefore !== epoch) return 'stale';
    state.trouble = withLost(state.trouble, lost);
    if (informed) state.trouble = afterInform(state.trouble, state.bootAt === state.informAt, state.informAt);
    state.version += 1;
    await this.#documents.commit([writeState(key, state)]);
    return informed ? 'counted' : 'done';
  }

  async endLoop(key: DeviceKey, epoch: number, subject: string): Promise<OwnerStep> {
    const state = readState(this.#documents, key);
    if (state === undefined || !isOwner(state, epoch)) return 'stale';
    if (state.trouble === undefined) return 'done';
    state.trouble = withoutLoop(state.trouble, subject);
    state.version += 1;
    await this.#documents.commit([writeState(key, state)]);
    return 'done';
  }

  clearDoubt(key: DeviceKey, epoch: number): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, (state) => {
      delete state.inDoubt;
      return [];
    });
  }

  async readDevice(key: DeviceKey): Promise<DeviceRecord | undefined> {
    return readRecord(this.#documents, key);
  }

  saveTree(key: DeviceKey, epoch: number, { instances, ...tree }: NewTree): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, (state) => {
      state.version += 1;
      state.tree = tree;
      return [writeText(keyOf('tree', key), instances)];
    });
  }

  saveRemembered(key: DeviceKey, epoch: number, remembered: string): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, (state) => {
      state.version += 1;
      return [writeText(keyOf('remembered', key), remembered)];
    });
  }

  saveMethods(key: DeviceKey, epoch: number, methods: readonly string[]): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, () => [writeText(keyOf('methods', key), JSON.stringify(methods))]);
  }

  saveLedger(key: DeviceKey, epoch: number, ledger: string, events: readonly NewEvent[] = []): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, (state) => {
      state.version += 1;
      return [writeText(keyOf('ledger', key), ledger), ...addEvents(key, state, events)];
    });
  }

  async raiseNotices(
    key: DeviceKey,
    events: readonly NewEvent[],
    periodic?: { readonly from: number; readonly to: number },
  ): Promise<'done' | 'already'> {
    const state = readState(this.#documents, key);
    if (state === undefined) return 'already';
    if (periodic !== undefined) {
      if ((state.periodicAt ?? 0) !== periodic.from) return 'already';
      if (periodic.to === 0) delete state.periodicAt;
      else state.periodicAt = periodic.to;
    }
    const writes = addEvents(key, state, events);
    await this.#documents.commit([writeState(key, state), ...writes]);
    return 'done';
  }

  async saveParking(key: DeviceKey, parking: string): Promise<void> {
    if (readState(this.#documents, key) === undefined) return;
    await this.#documents.commit([writeText(keyOf('parking', key), parking)]);
  }

  setQuiet(key: DeviceKey, epoch: number, quiet: Quiet | undefined): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, (state) => {
      if (quiet === undefined) {
        delete state.quiet;
        delete state.expectedBoot;
      } else state.quiet = quiet;
      return [];
    });
  }

  async changeLocal(
    key: DeviceKey,
    localVersion: number,
    local: string,
    { events, silenced }: LocalEffects = NO_EFFECTS,
  ): Promise<'changed' | 'conflict'> {
    const state = readState(this.#documents, key);
    if (state?.localVersion !== localVersion) return 'conflict';
    state.localVersion += 1;
    state.version += 1;
    const also = [...silence(this.#documents, key, silenced), ...addEvents(key, state, events)];
    await this.#documents.commit([writeState(key, state), writeText(keyOf('local', key), local), ...also]);
    return 'changed';
  }

  attach(key: DeviceKey, incarnation: string): Promise<void> {
    return this.#always(key, (state) => {
      state.attachments[incarnation] = (state.attachments[incarnation] ?? 0) + 1;
      state.version += 1;
    });
  }

  detach(key: DeviceKey, incarnation: string): Promise<void> {
    return this.#always(key, (state) => {
      if (state.attachments[incarnation] === undefined) return;
      const left = state.attachments[incarnation] - 1;
      const { [incarnation]: _gone, ...others } = state.attachments;
      state.attachments = left > 0 ? { ...others, [incarnation]: left } : others;
      state.version += 1;
    });
  }

  async beginWake(key: DeviceKey, incarnation: string, at: number, leaseMs: number): Promise<boolean> {
    const state = readState(this.#documents, key);
    if (state === undefined || (state.waking !== undefined && state.waking.until > at)) return false;
    state.waking = { incarnation, until: at + leaseMs };
    await this.#documents.commit([writeState(key, state)]);
    return true;
  }

  endWake(key: DeviceKey, wake: WakeRecord): Promise<void> {
    return this.#always(key, (state) => {
      state.wake = wake;
      delete state.waking;
    });
  }

  async #always(key: DeviceKey, change: (state: StateDocument) => void): Promise<void> {
    const state = readState(this.#documents, key);
    if (state === undefined) return;
    change(state);
    await this.#documents.commit([writeState(key, state)]);
  }
}
