// The "equipment under test": the Agent of one simulated CPE behind a whole gateway in this process, with Controllers
// around it and a clock that a case can move.
import type { Cpe } from '../cpe/cpe.ts';
import { agentOf, CONTROLLER_ID, type Harness, startHarness } from '../gateway/harness.ts';
import type { RpcRecord } from '../cpe/observe.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { get, removePartly, resultOf, type Values } from '../agent/requests.ts';
import { jumpClock, type JumpClock } from './jump-clock.ts';
import { Tester, type TesterOptions } from './tester.ts';

export type Test = Parameters<typeof startHarness>[0];
export const SECOND_ID = 'proto::controller-2';
export const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
/** The fact that the gateway of a case speaks TLS, and whom Controllers are to trust for it. */
export const LISTENER_CA = 'listener-ca';
export const CONTROLLERS = 'Device.LocalAgent.Controller.';

/** The gateway looks for due work that nobody rang for this often; time is moved in such steps. */
const STEP_MS = 500;

export interface Eut {
  readonly t: Test;
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
  /** One more connection; where the gateway has an operator's token, with that unless another is given. */
  connect(options?: Partial<Pick<TesterOptions, 'eid' | 'resource' | 'token' | 'shows'>>): Promise<Tester>;
  /** A connection that the Agent has opened is looked at like all others. */
  adopt(tester: Tester): void;
  /** A Controller's row. */
  rowOf(eid: string): Promise<string>;
  /** Lets time go by, in small steps, until `done` says so or `ms` are over; answers how much did. */
  pass(ms: number, done?: () => boolean, step?: number): Promise<number>;
  /** Connection Requests that the CPE got since the case began. */
  calls(): number;
  /** RPCs that the CPE got since the case began. */
  rpcs(): readonly RpcRecord[];
  /** `path=value` of all that RPCs of this method brought since the case began; waits for the first one. */
  sent(method: string): Promise<readonly string[]>;
  /** Forgets the RPCs so far. */
  begin(): void;
  /** What the universal metrics found wrong since the last call. */
  takeFaults(): readonly string[];
  /** Records that were looked at. */
  records(): number;
  /** What a gateway of the case's own was prepared with. */
  readonly facts: Readonly<Record<string, string>>;
  /** Takes away what a case has left. */
  tidy(): Promise<void>;
}

export async function startEut(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
  options: Partial<CpeOptions> = {},
  facts: Readonly<Record<string, string>> = {},
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
  const ca = facts[LISTENER_CA];
  const url = ca === undefined ? harness.wsUrl : harness.wsUrl.replace('ws:', 'wss:');
  const testers: Tester[] = [];
  const connect: Eut['connect'] = async (options = {}) => {
    // Whoever shows a certificate needs no token.
    const token = options.shows === undefined ? settings['http.token'] : undefined;
    const tester = await Tester.connect({ url, agent, ca, eid: CONTROLLER_ID, token, ...options });
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
  let begun = cpe.rpcs.length;
  let called = 0;
  cpe.on(({ kind }) => {
    if (kind === 'connection-request') called += 1;
  });
  return {
    t,
    facts,
    adopt: (one) => void testers.push(one),
    harness,
    cpe,
    agent,
    clock,
    tester,
    me: await rowOf(tester.eid),
    second: async () => (other ??= await connect({ eid: SECOND_ID })),
    connect,
    rowOf,
    async pass(ms, done = () => false, step = STEP_MS) {
      let gone = 0;
      for (; gone < ms && !done(); gone += step) {
        clock.jump(step);
        // Twice: what fell due has been read from the store, and what came of it written, before the second is answered.
        await tester.fence();
        await tester.fence();
      }
      return gone;
    },
    begin: () => {
      begun = cpe.rpcs.length;
      called = 0;
    },
    calls: () => called,
    rpcs: () => cpe.rpcs.slice(begun),
    sent: async (method) => {
      const isOne = (rpc: RpcRecord): boolean => rpc.method === method;
      if (!cpe.rpcs.slice(begun).some(isOne)) await cpe.waitFor('rpc', isOne);
      return cpe.rpcs.slice(begun).filter(isOne).flatMap(settingsOf);
    },
    takeFaults: () => testers.flatMap((one) => one.faults.splice(0)),
    records: () => testers.reduce((sum, one) => sum + one.seen, 0),
    async tidy() {
      tester.answers = true;
      const rows = [`${SUBSCRIPTIONS}*.`, `${CONTROLLERS}*.BootParameter.*.`, `${CONTROLLERS}*.MTP.*.`];
      await tester.ask(removePartly(...rows));
      for (const one of testers) one.forget();
    },
  };
}

/** `path=value` of a SetParameterValues. */
function settingsOf({ arguments: read }: RpcRecord): readonly string[] {
  const settings = typeof read === 'object' && read !== null && 'settings' in read ? read.settings : undefined;
  if (!Array.isArray(settings)) return [];
  // As the simulated CPE has read them.
  return (settings as readonly { readonly name: string; readonly value: string }[]).map(
    ({ name, value }) => `${name}=${value}`,
  );
}

/** The rows that a Get of a table finds. */
export async function rowsOf(tester: Tester, table: string): Promise<Readonly<Record<string, Values>>> {
  return resultOf(await tester.expect('get_resp', get(table)));
}
