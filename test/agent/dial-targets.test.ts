// Whom an Agent dials, of the template's rows and its own.
import t from 'tap';
import { dialTargetsOf } from '../../proxy/agent/local-agent/dial-targets.ts';
import { LocalAgent } from '../../proxy/agent/local-agent/local-agent.ts';
import { FIRST_DEVICE_ROW, NO_ROWS, type RowValues, type Rows, SINGLE } from '../../proxy/agent/local-agent/rows.ts';
import { SETTINGS } from './agent-at-hand.ts';
import { recordOf } from './device-record.ts';

const TABLE = 'Device.LocalAgent.Controller.';
const HOST = { Host: 'controller.example' };

/** A Controller with one MTP, and what its WebSocket object has. */
interface Wanted {
  readonly row?: RowValues;
  readonly mtp?: RowValues;
  readonly webSocket?: RowValues;
}

function rowsOf(wanted: Readonly<Record<number, Wanted>>): Rows {
  const tables: Record<string, Record<number, RowValues>> = { [TABLE]: {} };
  for (const [number, { row, mtp, webSocket = HOST }] of Object.entries(wanted)) {
    tables[TABLE] = { ...tables[TABLE], [number]: { EndpointID: `self::${number}`, Enable: 'true', ...row } };
    // A device's own rows are numbered from 10,000 on.
    const first = Number(number) < FIRST_DEVICE_ROW ? 1 : FIRST_DEVICE_ROW;
    tables[`${TABLE}${number}.MTP.`] = { [first]: { Enable: 'true', Protocol: 'WebSocket', ...mtp } };
    tables[`${TABLE}${number}.MTP.${first}.WebSocket.`] = { [SINGLE]: webSocket };
  }
  return { tables, next: {} };
}

function targets(template: Rows, own: Rows = NO_ROWS): ReturnType<typeof dialTargetsOf> {
  const space = { under: template, own, first: () => FIRST_DEVICE_ROW };
  return dialTargetsOf(new LocalAgent(recordOf(), space, SETTINGS, 0));
}

const controllers = (...rows: readonly [Rows, Rows?]): readonly string[] =>
  targets(...rows).map(({ controller }) => controller);

t.test('what the row does not say is as the model has it', async (t) => {
  const { key, identity } = recordOf();
  t.same(targets(rowsOf({ 1: {} })), [
    {
      key,
      agent: identity.endpointId,
      controller: 'self::1',
      mtp: `${TABLE}1.MTP.1.`,
      host: 'controller.example',
      port: 443,
      path: '',
      encrypted: true,
      keepAliveMs: 30_000,
      retry: { minimumMs: 5000, multiplier: 2000 },
    },
  ]);
});

t.test('what it says counts', async (t) => {
  const webSocket = {
    ...HOST,
    Port: '8080',
    Path: '/usp',
    EnableEncryption: 'false',
    KeepAliveInterval: '7',
    SessionRetryMinimumWaitInterval: '60',
    SessionRetryIntervalMultiplier: '1500',
  };
  t.match(targets(rowsOf({ 1: { webSocket } })), [
    {
      port: 8080,
      path: '/usp',
      encrypted: false,
      keepAliveMs: 7000,
      retry: { minimumMs: 60_000, multiplier: 1500 },
    },
  ]);
});

t.test('enabled Controllers, with an enabled MTP that has a Host', async (t) => {
  t.same(
    controllers(
      rowsOf({
        1: {},
        2: { row: { Enable: 'false' } },
        3: { mtp: { Enable: 'false' } },
        4: { webSocket: { Host: '' } },
        5: { mtp: { Protocol: 'MQTT' } },
        6: { row: { EndpointID: '' } },
        7: {},
      }),
    ),
    ['self::1', 'self::7'],
  );
  t.same(controllers(NO_ROWS), []);
});

t.test('a device changes the template for itself', async (t) => {
  const template = rowsOf({ 1: {} });
  const disabled = { tables: { [TABLE]: { 1: { Enable: 'false' } } }, next: {} };
  t.same(controllers(template, disabled), []);
  const elsewhere = { tables: { [`${TABLE}1.MTP.1.WebSocket.`]: { [SINGLE]: { Host: 'other.example' } } }, next: {} };
  t.match(targets(template, elsewhere), [{ controller: 'self::1', host: 'other.example' }]);
  const more = rowsOf({ [FIRST_DEVICE_ROW]: {} });
  t.same(controllers(template, more), ['self::1', `self::${FIRST_DEVICE_ROW}`]);
});

t.test('of two rows for one Controller the device’s own counts', async (t) => {
  const own = rowsOf({ [FIRST_DEVICE_ROW]: { row: { EndpointID: 'self::1' }, webSocket: { Host: 'own.example' } } });
  t.match(targets(rowsOf({ 1: {} }), own), [{ controller: 'self::1', host: 'own.example' }]);
  const off = rowsOf({ [FIRST_DEVICE_ROW]: { row: { EndpointID: 'self::1', Enable: 'false' } } });
  t.same(controllers(rowsOf({ 1: {} }), off), []);
});
