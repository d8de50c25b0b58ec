// Tests of a CPE that are commands: begun by one SetParameterValues, run by the CPE when the session is over, and looked
// for when it reports "8 DIAGNOSTICS COMPLETE" (facts: cwmp-usp-translation §7.2). One at a time at a CPE: the others wait.
import type { CpeAccess } from '../../device/access.ts';
import type { NamedValue } from '../../device/ledger.ts';
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import { writeParameters } from '../../mapping/parameters.ts';
import type { CpeDiagnostic, CpeSetting, DiagnosticSettings, View } from '../../mapping/view.ts';
import type { OperationOutcome, OperationRecord } from '../../store/operation-steps.ts';
import type { OperationSteps } from '../../store/operation-steps.ts';
import { codes } from '../../usp/codes.ts';
import type { CommandFailure } from '../../usp/messages/operate.ts';
import { answered, commandFailure } from '../commands/answers.ts';
import { uspFault } from '../faults.ts';
import { judgeTest } from './judge-test.ts';

/** The CPE whose turn it is. */
export interface TestedCpe {
  readonly view: View;
  readonly access: CpeAccess;
  /** The CPE's own tree. */
  readonly tree: InstanceTree;
}

export interface DiagnosticsContext {
  readonly steps: OperationSteps;
  /** How long a CPE is left alone for a test of which nobody knows how long it takes, in milliseconds. */
  readonly boundMs: number;
  /** Somebody looks after the device's operations then. */
  readonly schedule: (at: number) => Promise<void>;
  readonly end: (operation: OperationRecord, outcome: OperationOutcome) => Promise<void>;
}

/** What a test is kept with. */
interface Detail {
  readonly boundMs: number;
  /** The argument that says which of several objects is tested. */
  readonly chosen?: Readonly<Record<string, string>>;
}
const boundOf = ({ detail }: OperationRecord): number => (JSON.parse(detail) as Detail).boundMs;
/** Its input is forgotten once it runs; what of it says which object is tested is kept. */
export function detailOf(boundMs: number, view: View, command: string, args: ReadonlyMap<string, string>): Detail {
  const name = view.diagnosticFor(command)?.chosenBy;
  const chosen = name === undefined ? undefined : args.get(name);
  return name === undefined || chosen === undefined ? { boundMs } : { boundMs, chosen: { [name]: chosen } };
}

/** The test that runs, of the object that it was begun for. */
const testOf = (view: View, { command, detail }: OperationRecord): CpeDiagnostic | undefined =>
  view.diagnosticFor(command, new Map(Object.entries((JSON.parse(detail) as Detail).chosen ?? {})));

/** Twice what it may take, and a minute: a CPE has more to do (facts: §7.2.4). */
export const boundFor = (settings: DiagnosticSettings, boundMs: number): number =>
  settings.ok && settings.lastsMs !== undefined ? settings.lastsMs * 2 + 60_000 : boundMs;

const isTest = ({ kind }: OperationRecord): boolean => kind === 'diagnostic';
/** The test that the CPE runs, as far as is known. */
export const runningTest = (operations: readonly OperationRecord[]): OperationRecord | undefined =>
  operations.find((operation) => isTest(operation) && operation.status !== 'Requested');
export const waitingTests = (operations: readonly OperationRecord[]): readonly OperationRecord[] =>
  operations.filter((operation) => isTest(operation) && operation.status === 'Requested');

const failed = (err_code: number, err_msg: string): OperationOutcome => ({ kind: 'failed', err_code, err_msg });

export class Diagnostics {
  readonly #context: DiagnosticsContext;

  constructor(context: DiagnosticsContext) {
    this.#context = context;
  }

  get boundMs(): number {
    return this.#context.boundMs;
  }

  /** Begins one that nothing hinders. What the CPE refuses is a failure, and the caller's to tell. */
  async start(
    { access }: TestedCpe,
    operation: OperationRecord,
    settings: readonly CpeSetting[],
    args: ReadonlyMap<string, string>,
  ): Promise<CommandFailure | undefined> {
    const { steps, schedule } = this.#context;
    const { key } = access.record;
    const startedAt = access.now();
    const boundMs = boundOf(operation);
    await schedule(startedAt + boundMs);
    // Before its RPC leaves: should its answer be lost, a look at the CPE tells what became of it.
    const change = { status: 'Active', startedAt, dueAt: startedAt + boundMs } as const;
    await steps.changeOperation(key, operation.number, ['Requested'], change);
    const quiet = { reason: 'diagnostic', until: startedAt + boundMs } as const;
    const answer = answered('SetParameterValues', await writeParameters(access, settings, [], quiet), args);
    return answer.kind === 'cmd_failure' ? answer : undefined;
  }

  /** Looks at what the CPE runs, ends what has ended, and begins what waits. */
  async look(cpe: TestedCpe): Promise<void> {
    const { record } = cpe.access;
    let { operations } = record;
    for (const lost of waitingTests(operations).filter(({ createdAt }) => createdAt < record.bootAt)) {
      await this.#context.end(lost, failed(codes.commandFailure, 'the device has restarted before the test began'));
      operations = operations.filter((operation) => operation !== lost);
    }
    const running = runningTest(operations);
    if (running !== undefined && !(await this.#settle(cpe, running))) return;
    for (const next of waitingTests(operations)) if (await this.#startWaiting(cpe, next)) return;
  }

  /** False while it runs on. */
  async #settle(cpe: TestedCpe, operation: OperationRecord): Promise<boolean> {
    const { access, view } = cpe;
    const { steps, schedule, end } = this.#context;
    const test = testOf(view, operation);
    if (test === undefined) {
      await end(operation, failed(codes.commandFailure, 'the device does not have this test any more'));
      return true;
    }
    const state = await access.read('GetParameterValues', { ParameterNames: [test.state] });
    const told = state.kind === 'response' ? state.value.ParameterList[0]?.Value.trim() : undefined;
    const verdict = judgeTest(operation, told);
    switch (verdict.kind) {
      case 'runs-on': {
        if (!verdict.extend) return false;
        const dueAt = access.now() + boundOf(operation);
        await schedule(dueAt);
        await steps.changeOperation(access.record.key, operation.number, ['Active'], {
          looks: operation.looks + 1,
          dueAt,
        });
        return false;
      }
      case 'cancel':
        await this.#cancel(cpe, test);
        await end(operation, verdict.outcome);
        return true;
      case 'lost':
        await end(operation, verdict.outcome);
        return true;
      case 'over':
        await end(operation, await resultOf(access, test));
        return true;
    }
  }

  /** Canceled is an optional value; writing an input makes a CPE forget the test as well (TR-181 DiagnosticsState). */
  async #cancel({ access, tree }: TestedCpe, { cancel, inputs, object }: CpeDiagnostic): Promise<void> {
    const answer = await writeParameters(access, [cancel], []);
    if (answer.kind === 'response') return;
    const name = inputs.find((input) => tree.objects.get(object)?.parameters.get(input.slice(object.length)) === true);
    if (name === undefined) return;
    const read = await access.read('GetParameterValues', { ParameterNames: [name] });
    const [value] = read.kind === 'response' ? read.value.ParameterList : [];
    if (value !== undefined) await writeParameters(access, [{ ...value, Name: name }], []);
  }

  /** False when it could not be begun: it has ended. */
  async #startWaiting(cpe: TestedCpe, operation: OperationRecord): Promise<boolean> {
    const { steps, end } = this.#context;
    const stored = await steps.readOperation(cpe.access.record.key, operation.number);
    if (stored === undefined) return false;
    const args = new Map(Object.entries(JSON.parse(stored.input) as Readonly<Record<string, string>>));
    const settings = settingsFor(cpe, operation.command, args);
    const failure = settings.ok
      ? await this.start(cpe, operation, settings.settings, args)
      : commandFailure(settings.code, settings.why);
    if (failure === undefined) return true;
    await end(operation, failed(failure.err_code, failure.err_msg));
    return false;
  }
}

export function settingsFor(
  { view, tree, access }: TestedCpe,
  command: string,
  args: ReadonlyMap<string, string>,
): DiagnosticSettings {
  const test = view.diagnosticFor(command, args);
  const none = { ok: false, code: codes.invalidPath, why: 'the model has no such command' } as const;
  return test?.settingsFor(args, tree, (name) => access.wireType(name)) ?? none;
}

async function resultOf(access: CpeAccess, test: CpeDiagnostic): Promise<OperationOutcome> {
  const read = await access.read('GetParameterValues', { ParameterNames: [test.object] });
  if (read.kind !== 'response') {
    const why = read.kind === 'fault' ? uspFault(read.fault, 'operate').text : 'the device says nothing';
    return failed(codes.commandFailure, `the results cannot be read: ${why}`);
  }
  const values = read.value.ParameterList.map(({ Name, Value }): NamedValue => [Name.trim(), Value]);
  return { kind: 'done', output_args: Object.fromEntries(test.outputsOf(values)) };
}
