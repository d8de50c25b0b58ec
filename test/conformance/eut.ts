// The "equipment under test": the Agent of one simulated CPE behind a whole gateway in this process, with Controllers
// around it and a clock that a case can move.
import type { Cpe } from '../cpe/cpe.ts';
import { agentOf, CONTROLLER_ID, type Harness, startHarness } from '../gateway/harness.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { get, removePartly, resultOf, type Values } from '../agent/requests.ts';
import { jumpClock, type JumpClock } from './jump-clock.ts';
import { Tester } from './tester.ts';

export type Test = Parameters<typeof startHarness>[0];
export const SECOND_ID = 'proto::controller-2';
export const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
export const CONTROLLERS = 'Device.LocalAgent.Controller.';

/** The gateway looks for due work that nobody rang for this often; time is moved in such steps. */
const STEP_MS = 500;

export interface Eut {
  readonly harness: Harness;
  readonly cpe: Cpe;
  readonly agent: string;
  readonly clock: JumpClock;
  /** The Controller that the plan calls the traffic generator. */
  readonly tester: Tester;
  /** Its row, `Device.LocalAgent.Controller.1.`. */
  readonly me: string;
  /** The secondary Controller, connected when it is first wanted. */
  second(): Promise<Tester>;
  /** One more connection. */
  connect(options?: { readonly eid?: string; readonly resource?: 'agent' | 'all' }): Promise<Tester>;
  /** A Controller's row. */
  rowOf(eid: string): Promise<string>;
  /** Lets time go by, in small steps, until `done` says so or `ms` are over; answers how much did. */
  pass(ms: number, done?: () => boolean): Promise<number>;
  /** What the universal metrics found wrong since the last call. */
  takeFaults(): readonly string[];
  /** Records that were looked at. */
  records(): number;
  /** Takes away what a case has left. */
  tidy(): Promise<void>;
}

export async function startEut(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
  options: Partial<CpeOptions> = {},
): Promise<Eut> {
  const clock = jumpClock();
  const harness = await startHarness(t, settings, clock);
  const cpe = harness.cpe({
    timings: { rebootTime: 200, diagnosticTime: 50 },
    values: { 'Device.RootDataModelVersion': '2.19' },
    ...options,
  });
  const known = cpe.nextSession();
  await cpe.start();
  await known;
  const agent = agentOf(cpe);
  const testers: Tester[] = [];
  const connect: Eut['connect'] = async ({ eid = CONTROLLER_ID, resource = 'agent' } = {}) => {
    const tester = await Tester.connect({ url: harness.wsUrl, agent, eid, resource });
    testers.push(tester);
    t.teardown(() => tester.close());
    return tester;
  };
  const tester = await connect();
  const rowOf = async (eid: string): Promise<string> => {
    const rows = resultOf(await tester.expect('get_resp', get(`${CONTROLLERS}*.EndpointID`)));
    const [path] = Object.entries(rows).find(([, values]) => values['EndpointID'] === eid) ?? [];
    if (path === undefined) throw new Error(`${eid} has no row: ${JSON.stringify(rows)}`);
    return path;
  };
  let other: Tester | undefined;
  return {
    harness,
    cpe,
    agent,
    clock,
    tester,
    me: await rowOf(tester.eid),
    second: async () => (other ??= await connect({ eid: SECOND_ID })),
    connect,
    rowOf,
    async pass(ms, done = () => false) {
      let gone = 0;
      for (; gone < ms && !done(); gone += STEP_MS) {
        clock.jump(STEP_MS);
        // Twice: what fell due has been read from the store, and what came of it written, before the second is answered.
        await tester.fence();
        await tester.fence();
      }
      return gone;
    },
    takeFaults: () => testers.flatMap((one) => one.faults.splice(0)),
    records: () => testers.reduce((sum, one) => sum + one.seen, 0),
    async tidy() {
      tester.answers = true;
      await tester.ask(removePartly(`${SUBSCRIPTIONS}*.`, `${CONTROLLERS}*.BootParameter.*.`));
      for (const one of testers) one.forget();
    },
  };
}

/** The rows that a Get of a table finds. */
export async function rowsOf(tester: Tester, table: string): Promise<Readonly<Record<string, Values>>> {
  return resultOf(await tester.expect('get_resp', get(table)));
}
