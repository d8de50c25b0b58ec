// Every RPC of one session, of whatever origin, passes here: it is bounded in time, counted, and its result updates what
// is known of the CPE (tree, types, ledger). One object serves one session.
import type { Timer } from '../operate/clock.ts';
import { parentOf } from '../path/concrete.ts';
import type { Behaviour } from '../profile/profile.ts';
import type { CpeMethodName, CpeRequest, CpeResponse } from '../rpc/methods.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import { type Answer, RunInterrupted } from './access.ts';
import { withBooleanLiterals } from './boolean-literals.ts';
import { type Ask, askMethods, discoverTree, refreshTree } from './discovery.ts';
import { addRow, type InstanceTree, removeRow } from './instance-tree/tree.ts';
import { changesAgainst, EMPTY_LEDGER, type Ledger, type NamedValue, parseLedger } from './ledger.ts';
import type { CallOutcome, Link } from './link.ts';
import { findNativeAgent } from './native-agent.ts';
import { ObservedTypes } from './observed-types.ts';
import { LoopBreaker } from './loop-breaker.ts';
import type { ModelLessons } from './model-lessons.ts';
import { readBatchOf, type ReadMemory, SessionReadMemory } from './read-memory.ts';
import { asNamed } from './read-values.ts';
import type { DeviceContext } from './settings.ts';
import { modelOf, type Trees } from './trees.ts';
import { ViewMemory } from './view-memory.ts';

/** What the calls of all sessions of one node share. */
export interface CallsShared {
  readonly trees: Trees;
  readonly lessons: ModelLessons;
  /** Something that a later session of the device caches has changed. */
  changed(key: DeviceKey): void;
}

/** What these do, the CPE does when the session ends: it is not to be held after them (DESIGN mechanism 2, Closing). */
const ENDS_SESSION: ReadonlySet<CpeMethodName> = new Set([
  'Reboot',
  'FactoryReset',
  'Download',
  'Upload',
  'ScheduleDownload',
  'ChangeDUState',
]);
const APPLIES_LATER = 1;

/** TR-106: a diagnostic is asked for by writing Requested, and runs when the session has ended. */
export const startsDiagnostic = ({ ParameterList }: CpeRequest<'SetParameterValues'>): boolean =>
  ParameterList.some(({ Name, Value }) => Name.endsWith('.DiagnosticsState') && Value === 'Requested');

/** What XML cannot carry was not sent and never will be: told as the CPE would, so that a runner can undo what it did. */
const UNWRITABLE = {
  kind: 'fault',
  fault: {
    FaultCode: 9003,
    FaultString: 'a value holds a character that XML cannot carry',
    SetParameterValuesFault: [],
  },
} as const;

export class SessionCalls {
  readonly #context: DeviceContext;
  readonly #shared: CallsShared;
  readonly #link: Link;
  readonly #epoch: number;
  #record: DeviceRecord;
  #tree: InstanceTree | undefined;
  #treeAt: number | undefined;
  #treeChanged = false;
  /** As it was found in this session. */
  #nativeAgent: string | undefined;
  #ledger: Ledger | undefined;
  readonly #types = new ObservedTypes();
  readonly #refreshed = new Map<string, number>();
  /** The call that is open, or that an earlier entry gave up waiting for: the link is busy until it is over. */
  #pending: Promise<unknown> | undefined;
  /** Watched values that results revealed and that the ledger does not know yet. */
  #revealed: NamedValue[] = [];
  closing = false;
  /** Of the last changing RPC that the CPE executed, as far as it has answered; before any, of its Inform. */
  parameterKey: string;
  readonly memory: ReadMemory;
  readonly breaker: LoopBreaker;
  readonly viewMemory: ViewMemory;

  constructor(
    context: DeviceContext,
    shared: CallsShared,
    link: Link,
    epoch: number,
    record: DeviceRecord,
    parameterKey = record.facts.ParameterKey,
  ) {
    this.#context = context;
    this.#shared = shared;
    this.#link = link;
    this.#epoch = epoch;
    this.#record = record;
    this.parameterKey = parameterKey;
    this.breaker = new LoopBreaker(context, shared, epoch, () => this.#record);
    this.viewMemory = new ViewMemory(context, epoch, () => this.#record);
    this.memory = new SessionReadMemory(shared.lessons, () => ({
      device: this.#record.key.device,
      model: modelOf(this.#record),
      trouble: this.#record.trouble,
      tree: this.#tree,
      now: context.clock.now(),
    }));
  }

  get record(): DeviceRecord {
    return this.#record;
  }

  /** After a change elsewhere: what is cached is read again when it is next asked for. */
  renew(record: DeviceRecord): void {
    if (record.version === this.#record.version) return;
    this.#record = record;
    this.#ledger = undefined;
    if (!this.#treeChanged) this.#tree = undefined;
  }

  get ledger(): Ledger {
    this.#ledger ??= this.#record.ledger === '' ? EMPTY_LEDGER : parseLedger(this.#record.ledger);
    return this.#ledger;
  }

  set ledger(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Resolves when no call is open any more. */
  get answered(): Promise<unknown> {
    return this.#pending ?? Promise.resolve();
  }

  /** What the profiles say of this CPE. */
  get behaviour(): Behaviour {
    const { identity, facts } = this.#record;
    return this.#context.behaviourOf({ ...identity, SoftwareVersion: facts.SoftwareVersion });
  }

  /** Parameters that this CPE bears in one GetParameterValues, by all that is known when it is asked for. */
  get readBatch(): number {
    const set = this.behaviour.readBatch ?? this.#context.settings.readBatch;
    const { trouble } = this.#record;
    return readBatchOf(set, this.#shared.lessons.of(modelOf(this.#record)), {
      trouble,
      now: this.#context.clock.now(),
    });
  }

  /** Undefined when what the model taught is at hand, else it resolves when it is. */
  get taught(): Promise<void> | undefined {
    return this.#shared.lessons.ready(modelOf(this.#record));
  }

  /** Values revealed since the last time this was asked. */
  takeRevealed(): readonly NamedValue[] {
    const revealed = this.#revealed;
    this.#revealed = [];
    return revealed;
  }

  /** Endpoint ID of the CPE's own USP Agent, '' where it has none. */
  get nativeAgent(): string {
    return this.#nativeAgent ?? this.#record.tree?.nativeAgent ?? '';
  }

  wireType(name: string): string | undefined {
    return this.#types.typeOf(name);
  }

  /**
   * Until `limit` (ms since the epoch), after which RunInterrupted(`late`) is thrown; a lost link throws as well, and what
   * the CPE keeps falling over is not sent.
   */
  async call<N extends CpeMethodName>(
    method: N,
    request: CpeRequest<N>,
    limit: number,
    late: 'deadline' | 'overrun',
  ): Promise<Answer<N>> {
    if (this.#pending !== undefined) await this.#within(this.#pending, limit, late);
    const { clock, settings, metrics } = this.#context;
    if (clock.now() >= limit) throw new RunInterrupted(late, 'no time is left');
    this.breaker.refuse(method, request);
    const written = withBooleanLiterals(method, request, this.behaviour.booleans);
    const call = this.#link.call(method, written, settings.rpcTimeoutMs);
    const { serves } = this.breaker;
    // Told even where nobody waits for the answer any more: a CPE takes longer to boot than a request waits.
    const pending: Promise<unknown> = call.then(async (outcome) => {
      await this.breaker.told(method, request, outcome, serves);
      if (this.#pending === pending) this.#pending = undefined;
    });
    this.#pending = pending;
    const outcome: CallOutcome<N> = await this.#within(call, limit, late);
    if (outcome.kind === 'lost') await pending;
    metrics.count('cwmp_rpc', outcome.kind === 'lost' ? `lost-${outcome.reason}` : outcome.kind);
    if (outcome.kind === 'lost' && outcome.reason === 'unwritable') return UNWRITABLE;
    if (outcome.kind === 'lost') throw new RunInterrupted('link-lost', outcome.reason);
    if (outcome.kind === 'response') this.#observe(method, request, outcome.value);
    return outcome;
  }

  async #within<T>(work: Promise<T>, limit: number, late: 'deadline' | 'overrun'): Promise<T> {
    const { clock } = this.#context;
    const left = limit - clock.now();
    if (left <= 0) throw new RunInterrupted(late, 'no time is left');
    let timer: Timer | undefined;
    const overrun = new Promise<never>((_resolve, reject) => {
      timer = clock.after(left, () => reject(new RunInterrupted(late, 'the CPE did not answer in time')));
    });
    try {
      return await Promise.race([work, overrun]);
    } finally {
      timer?.cancel();
    }
  }

  #observe<N extends CpeMethodName>(method: N, request: CpeRequest<N>, value: CpeResponse<N>): void {
    if (method === 'GetParameterValues') {
      const { ParameterNames } = request as CpeRequest<'GetParameterValues'>;
      this.#observeValues(ParameterNames, value as CpeResponse<'GetParameterValues'>);
      return;
    }
    const { ParameterKey } = request as { readonly ParameterKey?: string };
    if (ParameterKey !== undefined) this.parameterKey = ParameterKey;
    const status = (value as { readonly Status?: number }).Status;
    if (ENDS_SESSION.has(method) || status === APPLIES_LATER) this.closing = true;
    if (method === 'SetParameterValues') {
      const set = request as CpeRequest<'SetParameterValues'>;
      if (startsDiagnostic(set)) this.closing = true;
      const { ParameterList } = set;
      this.reveal(ParameterList.map(({ Name, Value }) => [Name, Value]));
    } else if (method === 'AddObject') {
      const { ObjectName } = request as CpeRequest<'AddObject'>;
      this.rowAdded(ObjectName, (value as CpeResponse<'AddObject'>).InstanceNumber);
      this.#refreshed.set(ObjectName, this.#context.clock.now());
    } else if (method === 'DeleteObject') {
      this.rowRemoved((request as CpeRequest<'DeleteObject'>).ObjectName);
    }
  }

  #observeValues(asked: readonly string[], { ParameterList }: CpeResponse<'GetParameterValues'>): void {
    let index = 0;
    for (const { Name, Type } of ParameterList) this.#types.observe(asNamed(Name, asked[index++]), Type);
    if (this.ledger.size > 0) this.reveal(ParameterList.map(({ Name, Value }) => [Name.trim(), Value]));
  }

  /** Holds values against the ledger; what it does not know is raised as an event soon. */
  reveal(values: readonly NamedValue[]): void {
    this.#revealed.push(...changesAgainst(this.ledger, values));
  }

  rowAdded(table: string, instance: number): void {
    if (this.#tree === undefined) return;
    this.#tree = addRow(this.#tree, table, instance);
    this.#treeChanged = true;
  }

  rowRemoved(row: string): void {
    if (this.#tree === undefined) return;
    this.#tree = removeRow(this.#tree, row);
    this.#treeChanged = true;
  }

  /** What is stored of the tree; undefined when it has never been discovered. */
  async knownTree(): Promise<InstanceTree | undefined> {
    if (this.#tree !== undefined) return this.#tree;
    const stored = await this.#shared.trees.stored(this.#record);
    if (stored === undefined) return undefined;
    this.#types.know(stored.catalogue.types);
    this.#tree = stored.tree;
    this.#treeAt = this.#record.tree?.at;
    return this.#tree;
  }

  /** When all that the CPE has was last asked for, in milliseconds since the epoch; 0 when it never was. */
  get treeAt(): number {
    return this.#treeAt ?? this.#record.tree?.at ?? 0;
  }

  /** True when the whole tree should be read again: never read, other software, too old. */
  treeIsDue(now: number): boolean {
    const { root, SoftwareVersion } = this.#record.facts;
    if (root === '' || this.closing) return false;
    const stored = this.#record.tree;
    if (stored === undefined) return this.#treeAt === undefined;
    const at = this.#treeAt ?? stored.at;
    return stored.SoftwareVersion !== SoftwareVersion || now - at >= this.#context.settings.treeMaxAgeMs;
  }

  /** Reads methods and the whole tree, and saves them. */
  async discover(limit: number): Promise<InstanceTree | undefined> {
    const { clock, store } = this.#context;
    const { key, facts } = this.#record;
    const ask = this.#asking(limit, 'deadline');
    this.#treeAt = clock.now();
    const methods = await askMethods(ask);
    if (methods.length > 0) await store.devices.saveMethods(key, this.#epoch, methods);
    const tree = await discoverTree(ask, facts.root, this.behaviour.discovery);
    if (tree === undefined) return undefined;
    this.#nativeAgent = await findNativeAgent(ask, tree);
    this.#tree = tree;
    this.#treeChanged = true;
    this.#refreshed.set(facts.root, clock.now());
    await this.saveTree();
    return this.#tree;
  }

  /** Asks again what is below an object, unless that or something above it was asked within `tree.fresh`. */
  async refresh(
    path: string,
    limit: number,
    late: 'deadline' | 'overrun',
    anyway = false,
  ): Promise<InstanceTree | undefined> {
    const tree = (await this.knownTree()) ?? (await this.discover(limit));
    if (tree === undefined) return undefined;
    if (!anyway && this.isFresh(path)) return this.#tree;
    this.#tree = await refreshTree(this.#asking(limit, late), tree, path, this.behaviour.discovery);
    if (this.#tree !== tree) this.#treeChanged = true;
    this.#refreshed.set(path, this.#context.clock.now());
    return this.#tree;
  }

  /** Whether what is below an object was asked for within `tree.fresh`. */
  isFresh(path: string): boolean {
    const { clock, settings } = this.#context;
    const now = clock.now();
    for (let above = path; above !== ''; above = parentOf(above)) {
      const at = this.#refreshed.get(above);
      if (at !== undefined && now - at < settings.treeFreshMs) return true;
    }
    return false;
  }

  /** What the CPE falls over it cannot tell: then it is asked another way, or what is known stays. */
  #asking(limit: number, late: 'deadline' | 'overrun'): Ask {
    return async (method, request) => {
      try {
        return await this.call(method, request, limit, late);
      } catch (error) {
        if (!(error instanceof RunInterrupted) || error.why !== 'reboot-loop') throw error;
        return { kind: 'empty' };
      }
    };
  }

  /** Saves what has become known of tree and types since it was last saved. */
  async saveTree(): Promise<void> {
    const tree = this.#tree;
    if (tree === undefined) return;
    if (!this.#treeChanged && this.#types.added.size === 0) return;
    if (this.#treeChanged) await this.#context.needs.forgetGoneRows(this.#record, tree);
    this.#treeChanged = false;
    const at = this.#treeAt ?? this.#context.clock.now();
    const { catalogue } = await this.#shared.trees.save(
      this.#record,
      this.#epoch,
      tree,
      this.#types.added,
      at,
      this.nativeAgent,
    );
    this.#types.know(catalogue.types);
  }
}
