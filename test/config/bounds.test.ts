import t from 'tap';
import { loadConfig } from '../../proxy/config/load.ts';
import { schema, type SettingName } from '../../proxy/config/schema.ts';

const faultOf = (name: string, raw: unknown): string => {
  try {
    loadConfig({ file: undefined, environment: {}, flags: [[name, raw as string]] });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

/** Values that no setting of the kind takes. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  duration: ['', '5', '-1s', '1 fortnight', 'NaNs', '999999d', 5, null],
  number: ['', '-1', '1.5', 'many', '99999999999999999999', null, {}],
  size: ['', '0', '-1', '1.5KiB', '5 apples', null],
  'host:port': ['', '127.0.0.1', '127.0.0.1:99999', '::1:80', 'host:port', 80, null],
  'true | false': ['', 'yes', '1', null, 1],
  url: ['not a url', 5, null],
};

t.test('every setting refuses what is not of its kind, with a message that names it', async (t) => {
  const names = Object.keys(schema) as SettingName[];
  for (const name of names) {
    const { kind } = schema[name];
    const wrong = WRONG[kind] ?? (kind.includes('|') ? ['', 'nothing of these', 5] : [5, {}, null]);
    for (const raw of wrong) {
      t.match(faultOf(name, raw), `${name} wants `, `${name}: ${JSON.stringify(raw)}`);
    }
  }
});

t.test('bounds are told', async (t) => {
  t.equal(
    faultOf('park.hold', '1ms'),
    'flag --park.hold: park.hold wants a duration of at least 1s with its unit, such as 250ms, 25s, 5m, 7d',
  );
  t.equal(faultOf('read.batch', '5000'), 'flag --read.batch: read.batch wants a whole number from 1 to 4096');
  t.equal(faultOf('park.cap', '0'), 'flag --park.cap: park.cap wants a whole number of at least 1');
  t.match(faultOf('log.level', 'loud'), 'one of trace, debug, info, warn, error, silent');
});

t.test('addresses and durations as they are documented are taken', async (t) => {
  t.equal(faultOf('park.hold', '25s'), '');
  t.equal(faultOf('cwmp.listen', '[::1]:0'), '');
  t.equal(faultOf('cwmp.listen', ':7547'), '', 'all addresses');
});
