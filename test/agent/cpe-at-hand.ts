// The test CPE as a runner has it, without HTTP, sessions or a store: every RPC is written as SOAP, answered by the CPE,
// and read again. What was called is kept, so that a test can say what a message may cost.
import {
  type Answer,
  type Change,
  type ChangingMethodName,
  type CpeAccess,
  RunInterrupted,
  type SafeMethodName,
} from '../../proxy/device/access.ts';
import { discoverTree, refreshTree } from '../../proxy/device/discovery.ts';
import { addRow, type InstanceTree, removeRow } from '../../proxy/device/instance-tree/tree.ts';
import { changesAgainst, EMPTY_LEDGER, type Ledger, type NamedValue } from '../../proxy/device/ledger.ts';
import { MOST_STEPS } from '../../proxy/device/journal/keys.ts';
import { generalise, parentOf } from '../../proxy/path/concrete.ts';
import type { CpeMethodName, CpeRequest, CpeResponse } from '../../proxy/rpc/methods.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { DEFAULT_STYLE } from '../../proxy/soap/style.ts';
import { writeCpeRequest } from '../../proxy/soap/write-envelope.ts';
import type { DeviceRecord, NewEvent } from '../../proxy/store/device-steps.ts';
import { manualClock } from '../cpe/clock.ts';
import { createDevice, type LiveDevice } from '../cpe/device.ts';
import { dialects } from '../cpe/dialects.ts';
import { answerRpc } from '../cpe/dispatch.ts';
import { createFaultRules, type FaultRules } from '../cpe/fault-rules.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { readEnvelope as readRequest } from '../cpe/soap-read.ts';
import { createVoice, type Voice } from '../cpe/voice.ts';
import { recordOf } from './device-record.ts';

export interface CalledRpc {
  readonly method: CpeMethodName;
  readonly request: unknown;
}

/** What a change asked for beside its RPC. */
export type Asked = Pick<Change<ChangingMethodName>, 'snapshot' | 'quiet' | 'expectedBoot'>;

const DECIMAL = 10;

export class CpeAtHand implements CpeAccess {
  readonly device: LiveDevice;
  readonly rules: FaultRules = createFaultRules([]);
  readonly clock = manualClock();
  readonly record: DeviceRecord;
  readBatch = 64;
  resumed = false;
  remembered = '';
  ledger: Ledger = EMPTY_LEDGER;
  /** Every RPC since the last turn began. */
  rpcs: CalledRpc[] = [];
  asked: Asked[] = [];
  /** Watched values that results showed and that the ledger does not know. */
  revealed: NamedValue[] = [];
  closed = false;
  /** Events that were stored with the ledger. */
  readonly raised: NewEvent[] = [];
  /** Runs before each RPC: what happens at the CPE meanwhile. */
  beforeRpc: (method: CpeMethodName) => void = () => undefined;
  readonly #voice: Voice;
  readonly #types = new Map<string, string>();
  #tree: InstanceTree | undefined;
  #refreshed = new Set<string>();
  #steps = 0;

  constructor(options: Omit<CpeOptions, 'acsUrl'>) {
    const { clock } = this;
    const random = (): number => 0.5;
    const dialect = options.dialect ?? dialects.plain;
    this.device = createDevice(
      { ...options, acsUrl: '' },
      {
        clock,
        random,
        dialect,
        report: () => undefined,
        changedByDevice: () => undefined,
        onDiagnosticsEnd: () => undefined,
        onTransferEnd: () => undefined,
        scheduleInform: () => undefined,
      },
    );
    const fact = (name: string): string => this.device.model.peek(options.dump.root + name) ?? '';
    const record = recordOf();
    this.record = {
      ...record,
      methods: this.device.methods,
      facts: {
        ...record.facts,
        root: options.dump.root,
        SoftwareVersion: fact('DeviceInfo.SoftwareVersion'),
        dataModel: fact('RootDataModelVersion'),
      },
    };
    this.#voice = createVoice({ dialect, cwmpVersion: 0, random });
  }

  /** The next mailbox entry has the link. */
  beginTurn(): void {
    this.rpcs = [];
    this.asked = [];
    this.#steps = 0;
  }

  /** A new session: nothing counts as fresh any more. */
  beginSession(): void {
    this.beginTurn();
    this.#refreshed = new Set();
  }

  /** Methods of the RPCs called, in order. */
  get called(): readonly string[] {
    return this.rpcs.map(({ method }) => method);
  }

  now(): number {
    return this.clock.now();
  }

  read<N extends SafeMethodName>(method: N, request: CpeRequest<N>): Promise<Answer<N>> {
    return this.#call(method, request);
  }

  async change<N extends ChangingMethodName>({ method, request, ...asked }: Change<N>): Promise<Answer<N>> {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new RunInterrupted('refused', 'too many changing steps');
    this.asked.push(asked);
    const key = `1${'A'.repeat(20)}${String(this.#steps).padStart(2, '0')}`;
    return this.#call(method, request(key));
  }

  async tree(): Promise<InstanceTree | undefined> {
    this.#tree ??= await discoverTree((method, request) => this.read(method, request), this.record.facts.root);
    return this.#tree;
  }

  async refresh(path: string, anyway = false): Promise<InstanceTree | undefined> {
    const tree = await this.tree();
    if (!anyway && this.isFresh(path)) return tree;
    if (tree === undefined) return undefined;
    this.#tree = await refreshTree((method, request) => this.read(method, request), tree, path);
    this.#refreshed.add(path);
    return this.#tree;
  }

  isFresh(path: string): boolean {
    for (let above = path; above !== ''; above = parentOf(above)) if (this.#refreshed.has(above)) return true;
    return false;
  }

  async remember(text: string): Promise<void> {
    this.remembered = text;
  }

  wireType(name: string): string | undefined {
    return this.#types.get(generalise(name));
  }

  async saveLedger(ledger: Ledger, _armed: string, events: readonly NewEvent[] = []): Promise<void> {
    this.ledger = ledger;
    this.raised.push(...events);
  }

  close(): void {
    this.closed = true;
  }

  async #call<N extends CpeMethodName>(method: N, request: CpeRequest<N>): Promise<Answer<N>> {
    this.beforeRpc(method);
    this.rpcs.push({ method, request });
    const written = writeCpeRequest(DEFAULT_STYLE, String(this.rpcs.length).padStart(DECIMAL, '0'), method, request);
    if (!written.ok) throw new RunInterrupted('link-lost', 'unwritable');
    const envelope = readRequest(written.text);
    if (!envelope.ok) throw new Error(envelope.reason);
    const { reply } = await answerRpc(envelope.envelope, this.device, this.rules, this.#voice);
    if (reply.kind === 'empty') return { kind: 'empty' };
    if (reply.kind !== 'envelope') throw new RunInterrupted('link-lost', 'closed');
    const read = readEnvelope(reply.text);
    const message = read.ok ? read.envelope.message : undefined;
    if (message?.kind === 'fault') return { kind: 'fault', fault: message.fault };
    if (message?.kind !== 'response' || message.method !== method) throw new RunInterrupted('link-lost', 'malformed');
    // The message is of the method that was just compared.
    const value = message.value as CpeResponse<N>;
    this.#observe(method, request, value);
    return { kind: 'response', value };
  }

  #observe(method: CpeMethodName, request: unknown, value: unknown): void {
    if (method === 'GetParameterValues') {
      const { ParameterList } = value as CpeResponse<'GetParameterValues'>;
      for (const { Name, Type } of ParameterList) this.#types.set(generalise(Name), Type);
      this.#reveal(ParameterList.map(({ Name, Value }) => [Name, Value]));
    } else if (method === 'SetParameterValues') {
      const { ParameterList } = request as CpeRequest<'SetParameterValues'>;
      this.#reveal(ParameterList.map(({ Name, Value }) => [Name, Value]));
    } else if (method === 'AddObject' && this.#tree !== undefined) {
      const { ObjectName } = request as CpeRequest<'AddObject'>;
      this.#tree = addRow(this.#tree, ObjectName, (value as CpeResponse<'AddObject'>).InstanceNumber);
      this.#refreshed.add(ObjectName);
    } else if (method === 'DeleteObject' && this.#tree !== undefined) {
      this.#tree = removeRow(this.#tree, (request as CpeRequest<'DeleteObject'>).ObjectName);
    }
  }

  #reveal(values: readonly NamedValue[]): void {
    this.revealed.push(...changesAgainst(this.ledger, values));
  }
}
