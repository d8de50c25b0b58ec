// Credentials of a device's own, over real sockets: given at BOOTSTRAP, taken from then on, replaced without a gap.
import t, { type Test } from 'tap';
import { get } from '../agent/requests.ts';
import { call } from '../api/api-tools.ts';
import { causeway } from '../cli/run-causeway.ts';
import type { Cpe } from '../cpe/cpe.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { counted } from './south-tools.ts';
import { PROVISIONING, SHARED } from './own-credentials-scene.ts';

const SERVER = 'Device.ManagementServer.';
const PAIR = ['Username', 'Password', 'ConnectionRequestUsername', 'ConnectionRequestPassword'] as const;

const fleetCpe = (harness: Harness, options: Partial<CpeOptions> = {}): Cpe =>
  harness.cpe({
    credentials: SHARED,
    connectionRequest: { auth: 'digest', username: 'acs', password: 'acs-secret' },
    timings: { retryScale: 0.001 },
    ...options,
  });

async function session(cpe: Cpe, start: () => unknown): Promise<boolean> {
  const ended = cpe.nextSession();
  await start();
  return (await ended).ok;
}

const pairOf = (cpe: Cpe): readonly (string | undefined)[] => PAIR.map((name) => cpe.get(SERVER + name));
const shownOf = async (harness: Harness, device: string): Promise<unknown> => {
  const { body } = await call(harness, `/devices/${device}`);
  return (body as { readonly ownCredentials: unknown }).ownCredentials;
};

/** Every value of a password that the CPE had at some time stays out of what others can read. */
async function keptSecret(t: Test, harness: Harness, device: string, secrets: readonly string[]): Promise<void> {
  const told = await Promise.all(
    ['', '/requests'].map(async (path) => JSON.stringify((await call(harness, `/devices/${device}${path}`)).body)),
  );
  const readable = [...harness.log, ...told].join('\n');
  for (const secret of secrets) t.notOk(readable.includes(secret), 'no password in logs or answers');
}

t.test('given at BOOTSTRAP, shown at the next Inform, and used to call the device', async (t) => {
  const harness = await startHarness(t, PROVISIONING);
  const cpe = fleetCpe(harness);
  const device = '02C0DE-Router-T0001';
  const grown = await counted(harness, ['own_credentials'], async () => {
    t.ok(await session(cpe, () => cpe.start()));
  });
  t.same(grown, { 'own_credentials given': 1 });
  const [username, password = '', crUsername, crPassword = ''] = pairOf(cpe);
  t.same([username, crUsername], [device, device]);
  t.match(password, /^[A-Z2-7]{26}$/);
  t.match(crPassword, /^[A-Z2-7]{26}$/);
  t.not(password, crPassword);
  t.match(await shownOf(harness, device), { since: null, changing: true });

  const controller = await harness.controller();
  const called = cpe.waitFor('connection-request', ({ status }) => status === 200);
  const answer = await controller.request(agentOf(cpe), get('Device.DeviceInfo.SoftwareVersion'));
  t.match(answer, { req_path_results: [{ err_code: 0 }] });
  await called;
  if (cpe.inSession) await cpe.nextSession();
  t.match(await shownOf(harness, device), { since: /^\d{4}-/, changing: false }, 'its Inform has shown them');

  const none = await counted(harness, ['own_credentials', 'cwmp_informs'], async () => {
    t.ok(await session(cpe, () => cpe.inform('2 PERIODIC')));
  });
  t.same(none, { 'cwmp_informs 2 PERIODIC': 1 }, 'it keeps them');
  t.equal(cpe.get(`${SERVER}Password`), password);

  await t.test('replaced from the command line, while the old ones stay good', async (t) => {
    const { code, out } = await causeway(harness, 'credentials', 'rotate', 'T0001');
    t.same({ code, out }, { code: 0, out: `${device} was given new credentials\n` });
    const [, next = '', , crNext = ''] = pairOf(cpe);
    t.not(next, password);
    if (cpe.inSession) await cpe.nextSession();
    // As if it had lost them with its power.
    cpe.setLocally(`${SERVER}Password`, password);
    t.ok(await session(cpe, () => cpe.inform('1 BOOT')), 'nobody knows yet which of them it has');
    t.match(await shownOf(harness, device), { changing: true });
    cpe.setLocally(`${SERVER}Password`, next);
    t.ok(await session(cpe, () => cpe.inform('2 PERIODIC')));
    t.match(await shownOf(harness, device), { changing: false });
    cpe.setLocally(`${SERVER}Password`, password);
    t.notOk(await session(cpe, () => cpe.inform('2 PERIODIC')), 'once it has shown the new ones');
    cpe.setLocally(`${SERVER}Password`, next);
    await keptSecret(t, harness, device, [password, crPassword, next, crNext]);
  });
});

t.test('a device that takes values after the session, or not at all', async (t) => {
  const harness = await startHarness(t, PROVISIONING);
  const late = fleetCpe(harness, { status1: () => true });
  t.ok(await session(late, () => late.start()));
  t.ok(await session(late, () => late.inform('2 PERIODIC')));
  t.match(await shownOf(harness, '02C0DE-Router-T0001'), { since: /^\d{4}-/, changing: false });

  const stubborn = fleetCpe(harness, { faults: [{ method: 'SetParameterValues', answer: 9001 }] });
  t.ok(await session(stubborn, () => stubborn.start()));
  t.equal(stubborn.get(`${SERVER}Password`), SHARED.password);
  const again = await counted(harness, ['own_credentials'], async () => {
    t.ok(await session(stubborn, () => stubborn.inform('2 PERIODIC')), 'what it has stays good');
  });
  t.same(again, {}, 'and it is not asked for again so soon');
});

t.test("another device's, and guesses, are refused", async (t) => {
  const harness = await startHarness(t, PROVISIONING);
  const one = fleetCpe(harness);
  t.ok(await session(one, () => one.start()));
  t.ok(await session(one, () => one.inform('2 PERIODIC')));
  const [username = '', password = ''] = pairOf(one);
  const mismatched = await counted(harness, ['cwmp_refused', 'cwmp_informs'], async () => {
    const thief = fleetCpe(harness, { credentials: { username, password } });
    t.notOk(await session(thief, () => thief.start()));
    await thief.stop();
  });
  t.ok(Number(mismatched['cwmp_refused credentials-mismatch']) >= 1);
  t.notOk(mismatched['cwmp_informs 0 BOOTSTRAP']);
  for (const [name, reason] of [
    [username, 'wrong-password'],
    ['02C0DE-Router-T9999', 'unknown-user'],
  ] as const) {
    const guessed = await counted(harness, ['cwmp_refused'], async () => {
      const guesser = fleetCpe(harness, { credentials: { username: name, password: 'guess' } });
      t.notOk(await session(guesser, () => guesser.start()));
      await guesser.stop();
    });
    t.ok(Number(guessed[`cwmp_refused ${reason}`]) >= 1, reason);
  }
});
