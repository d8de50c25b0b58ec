// What follows from a change of Device.LocalAgent. and from the time: rows are stored together with what is told of them,
// Subscriptions end, Periodic! is raised, Controllers are asked again to take the Agent on. One due work, `subscription`,
// looks after all of a device's times.
import { noticeEvent, type NoticeBody } from '../../device/notices.ts';
import type { Clock } from '../../operate/clock.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { DeviceKey, Store } from '../../store/store.ts';
import { controllerNumber } from '../local-agent/controller/controller.ts';
import { CONTROLLER_TABLE } from '../local-agent/controller/controller-table.ts';
import { ASK_AGAIN_AT } from '../local-agent/controller/send-on-board-request.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { formatRows, type Rows } from '../local-agent/rows.ts';
import { rowOf } from '../../path/concrete.ts';
import { afterLocalChange } from './changed.ts';
import { noticesOf } from './notices.ts';
import { askAgain, onBoardNotices, onBoardSilenced, wantsOnBoarding } from './onboarding.ts';
import { dueNotices, nextPeriodic, rhythmsOf } from './periodic.ts';

export interface KeeperContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
  /** A bell: events of the device wait to be derived. */
  readonly derive: (key: DeviceKey) => void;
  /** A bell: rows that a device has of its own have changed. */
  readonly rowsChanged?: (key: DeviceKey) => void;
  readonly arm: (key: DeviceKey) => Promise<void>;
  /** The Agent of a device; with rows of its own other than those that are stored. */
  readonly localAgent: (record: DeviceRecord, own?: Rows) => Promise<LocalAgent>;
}

const SUBSCRIPTION = 'subscription';
/** When it is looked whether events that the Agent raised have been derived. */
const DERIVE_AGAIN_MS = 5000;

const earliest = (...times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

export class Keeper {
  readonly #context: KeeperContext;

  constructor(context: KeeperContext) {
    this.#context = context;
  }

  /** Stores changed rows, and sees to what follows from that. False when others were faster. */
  async save(device: DeviceRecord, rows: Rows, before: Rows): Promise<boolean> {
    const { store, clock, schedule, rowsChanged, arm, localAgent } = this.#context;
    const { key } = device;
    const local = await localAgent(device, rows);
    const was = local.withOwn(before);
    const now = clock.now();
    const after = afterLocalChange(local, before, now);
    const notices = [...noticesOf(was, local), ...onBoardNotices(was, local)];
    const events = notices.length === 0 ? [] : [noticeEvent(now, { notices })];
    const also = { events, silenced: [...after.silenced, ...onBoardSilenced(was, local)] };
    const stored = await store.devices.changeLocal(key, device.localVersion, formatRows(rows), also);
    if (stored === 'conflict') return false;
    rowsChanged?.(key);
    if (events.length > 0) await this.#ring(key);
    const next = earliest(after.nextEnd, await this.#keepRhythm(device, was, local));
    if (next !== undefined) await schedule(SUBSCRIPTION, key, next);
    if (after.arm) await arm(key);
    return true;
  }

  /** Due work `subscription`; says when something is due again. */
  async lookAfter(key: DeviceKey): Promise<number | undefined> {
    const { store, clock, localAgent } = this.#context;
    const device = await store.devices.readDevice(key);
    if (device === undefined) return undefined;
    const local = await localAgent(device);
    const before = local.own;
    const now = clock.now();
    const { ended, nextEnd } = afterLocalChange(local, before, now);
    if (ended !== undefined) local.restore(ended);
    const nextAsk = askAgain(local, now);
    // Others changed the rows at the same moment: they are looked at again at once.
    if (local.own !== before && !(await this.save(device, local.own, before))) return now;
    return earliest(nextEnd, nextAsk, await this.#periodic(device, local, now));
  }

  /** A Controller has answered its OnBoardRequest: it is asked again, if it wants that and does not know the Agent then. */
  async onBoarded(key: DeviceKey, controller: string): Promise<void> {
    const { store, clock, schedule, localAgent } = this.#context;
    const device = await store.devices.readDevice(key);
    if (device === undefined) return;
    const local = await localAgent(device);
    const before = local.own;
    const number = controllerNumber(local, controller);
    const row = number === undefined ? undefined : local.valuesOf(CONTROLLER_TABLE, number);
    const waitMs = Number(row?.['OnBoardingRestartTime'] ?? 0) * 1000;
    if (number === undefined || waitMs === 0 || !wantsOnBoarding(row)) return;
    const at = clock.now() + waitMs;
    local.change(rowOf(CONTROLLER_TABLE, number), { [ASK_AGAIN_AT]: String(at) });
    if (await this.save(device, local.own, before)) await schedule(SUBSCRIPTION, key, at);
    else await this.onBoarded(key, controller);
  }

  /** Periodic! is wanted by a Subscription that was not made on this device, or the device has started anew. */
  async begin(device: DeviceRecord, local: LocalAgent, restarted: boolean): Promise<void> {
    if (device.periodicAt !== 0 && !restarted) return;
    const { store, clock, schedule } = this.#context;
    const now = clock.now();
    const next = nextPeriodic(rhythmsOf(local), now);
    if (next === undefined) return;
    if (device.periodicAt === 0) await store.devices.raiseNotices(device.key, [], { from: 0, to: now });
    await schedule(SUBSCRIPTION, device.key, restarted ? now : next);
  }

  /** A changed rhythm counts from now: what the new one would have raised before was never promised. */
  async #keepRhythm(device: DeviceRecord, was: LocalAgent, is: LocalAgent): Promise<number | undefined> {
    const { store, clock } = this.#context;
    if (is.own.tables === was.own.tables) return undefined;
    const rhythms = rhythmsOf(is);
    if (JSON.stringify(rhythms) === JSON.stringify(rhythmsOf(was))) return undefined;
    const now = clock.now();
    const to = rhythms.length === 0 ? 0 : now;
    await store.devices.raiseNotices(device.key, [], { from: device.periodicAt, to });
    return nextPeriodic(rhythms, now);
  }

  async #periodic(device: DeviceRecord, local: LocalAgent, now: number): Promise<number | undefined> {
    const rhythms = rhythmsOf(local);
    const { key, quiet, periodicAt: from } = device;
    const next = nextPeriodic(rhythms, now);
    // Between a reboot that was asked for and its Boot! the Agent is not there.
    if (next !== undefined && quiet !== undefined && quiet.reason !== 'diagnostic' && quiet.until > now) {
      return Math.max(next, quiet.until);
    }
    const notices = from === 0 ? [] : dueNotices(rhythms, from, now);
    if (notices.length > 0) await this.#raise(key, { notices }, { from, to: now });
    else if (next === undefined && from !== 0) await this.#raise(key, { notices }, { from, to: 0 });
    return next;
  }

  async #raise(
    key: DeviceKey,
    body: NoticeBody,
    periodic: { readonly from: number; readonly to: number },
  ): Promise<void> {
    const { store, clock } = this.#context;
    const events = body.notices.length === 0 ? [] : [noticeEvent(clock.now(), body)];
    const raised = await store.devices.raiseNotices(key, events, periodic);
    if (raised === 'done' && events.length > 0) await this.#ring(key);
  }

  async #ring(key: DeviceKey): Promise<void> {
    const { schedule, derive, clock } = this.#context;
    // Should this node die before it has derived them, due work does.
    await schedule('events', key, clock.now() + DERIVE_AGAIN_MS);
    derive(key);
  }
}
