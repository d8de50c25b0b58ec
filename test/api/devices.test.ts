// Devices: the list page by page, and one by its id, encoded once more or as it is.
import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { knownCpe } from '../gateway/north-tools.ts';
import { call } from './api-tools.ts';

const ODD = '02C0DE-Set%20Top-A%2D7%2F8';

t.test('devices', async (t) => {
  const harness = await startHarness(t);
  const get = (path: string) => call(harness, path);
  t.match(await get('/devices'), { status: 200, body: { devices: [], next: null } });
  const ids = ['02C0DE-Router-T0001', '02C0DE-Router-T0002', ODD];
  for (let count = 0; count < 2; count += 1) await knownCpe(harness);
  const deviceId = { oui: '02c0de', productClass: 'Set Top', serialNumber: 'A-7/8' };
  await knownCpe(harness, { deviceId });
  const idsOf = (body: unknown): readonly string[] =>
    (body as { devices: { id: string }[] }).devices.map(({ id }) => id);

  await t.test('what is shown of each', async (t) => {
    const { body } = await get('/devices');
    t.same(idsOf(body), ids);
    t.match(body, {
      next: null,
      devices: [
        {
          id: ids[0],
          endpointId: `ops::${ids[0]}`,
          OUI: '02C0DE',
          SerialNumber: 'T0001',
          root: 'Device.',
          cwmp: /^1\.\d$/,
          lastInform: { events: ['0 BOOTSTRAP', '1 BOOT'], from: '127.0.0.1', ageSeconds: Number },
          session: /^(open|none)$/,
          waitingRequests: Number,
          quiet: null,
          lastConnectionRequest: null,
          discovered: Boolean,
        },
      ],
    });
    t.notMatch(JSON.stringify(body), /acs-secret|ConnectionRequestURL|password/i, 'no secrets');
  });

  await t.test('page by page, in byte order', async (t) => {
    const first = await get('/devices?limit=2');
    t.same(idsOf(first.body), ids.slice(0, 2));
    t.match(first.body, { next: ids[1] });
    const second = await get(`/devices?limit=2&after=${encodeURIComponent(ids[1] ?? '')}`);
    t.same(idsOf(second.body), [ODD]);
    t.match(second.body, { next: null });
    const last = await get(`/devices?after=${encodeURIComponent(ODD)}`);
    t.match(last.body, { devices: [], next: null });
    t.same(idsOf((await get('/devices?limit=999999999')).body), ids, 'as many as a page may have');
  });

  await t.test('what is no page', async (t) => {
    for (const query of [
      'limit=0',
      'limit=-1',
      'limit=ten',
      'limit=1.5',
      'limit=',
      'limit=1&limit=2',
      'limit=9999999999',
    ]) {
      const answer = await get(`/devices?${query}`);
      t.match(answer, { status: 400, body: { error: 'bad-request', message: /^limit is a whole number/ } }, query);
    }
    t.match(await get('/devices?after=a&after=b'), { status: 400, body: { error: 'bad-request' } });
    t.match(await get('/devices?manufacturer=x'), { status: 400, body: { message: /not manufacturer$/ } });
  });

  await t.test('one, by its id encoded once more or as it is', async (t) => {
    for (const name of [encodeURIComponent(ODD), ODD]) {
      t.match(await get(`/devices/${name}`), { status: 200, body: { id: ODD, SerialNumber: 'A-7/8' } }, name);
      t.match(await get(`/devices/${name}/requests?x#y`), { status: 200, body: { requests: Array } }, name);
    }
  });

  await t.test('one that is not there', async (t) => {
    const names = [
      '02C0DE-Router-NOBODY',
      '02c0de-Router-T0001',
      '02C0DE-Set%20Top-A-7%2F8',
      'Router',
      '%00',
      '..%2F..%2Fdefault',
      'x'.repeat(5000),
      '__proto__',
    ];
    for (const name of names) {
      for (const path of [`/devices/${name}`, `/devices/${name}/requests`]) {
        t.match(
          await get(path),
          { status: 404, body: { error: 'not-found', message: 'no such device' } },
          path.slice(0, 60),
        );
      }
      t.match(await call(harness, `/devices/${name}/doctor`, { method: 'POST' }), { status: 404 });
    }
  });
});
