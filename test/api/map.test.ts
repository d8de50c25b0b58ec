// Why a device shows what it shows: GET …/map, and causeway map explain over it.
import t from 'tap';
import { COMMANDS } from '../../proxy/cli/commands.ts';
import { dispatch } from '../../proxy/cli/dispatch.ts';
import { noPaint } from '../../proxy/cli/output/paint.ts';
import { loadDump } from '../cpe/dumps.ts';
import { agentOf, startHarness } from '../gateway/harness.ts';
import { knownCpe } from '../gateway/north-tools.ts';
import { call } from './api-tools.ts';

interface Explained {
  readonly parameters: readonly { readonly path: string; readonly parameters: readonly string[] }[];
  readonly values: Readonly<Record<string, string>>;
  readonly cpeValues: Readonly<Record<string, string>>;
}
const WLAN = 'InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.';

t.test('map', async (t) => {
  const harness = await startHarness(t, { 'request.deadline': '3s' });
  const cpe = await knownCpe(harness, { dump: loadDump('home-router-tr098') });
  const id = encodeURIComponent(agentOf(cpe).replace('ops::', ''));
  const map = (path: string) => call(harness, `/devices/${id}/map?path=${encodeURIComponent(path)}`);

  const now = (path: string) => call(harness, `/devices/${id}/map?path=${encodeURIComponent(path)}&values=now`);

  const told: string[] = [];
  const explain = (...args: readonly string[]): Promise<number> =>
    dispatch(['map', 'explain', id, ...args, '--gateway', harness.apiUrl.replace('/api/v1', '')], COMMANDS, {
      environment: {},
      io: { out: (line) => void told.push(line), err: () => undefined, paint: noPaint, errPaint: noPaint },
      version: '',
    });

  await t.test('the command line shows the value with its rule, and what the device itself says', async (t) => {
    t.equal(await explain('Device.WiFi.SSID.1.Enable'), 0);
    t.match(told, [
      'Device.WiFi.SSID.1.Enable = true',
      `  from  ${WLAN}Enable = 1`,
      /^ {2}rule {2}mappings\/tr098\/wifi\.yaml:\d+$/,
    ]);
    told.splice(0);
    t.equal(await explain('Device.WiFi.SSID.1.Enable', '--no-values'), 0);
    t.equal(told[1], `  from  ${WLAN}Enable`);
  });

  await t.test('all values in one GetParameterValues, secrets on neither side', async (t) => {
    await now('Device.WiFi.');
    const from = cpe.rpcs.length;
    const { body } = await now('Device.WiFi.AccessPoint.1.Security.');
    t.same(
      cpe.rpcs.slice(from).map(({ method }) => method),
      ['GetParameterValues'],
    );
    const { values, cpeValues, parameters } = body as Explained;
    const mode = parameters.find(({ path }) => path.endsWith('.ModeEnabled'));
    t.ok(values[mode?.path ?? ''] !== undefined && mode !== undefined);
    t.ok(mode?.parameters.every((name) => cpeValues[name] !== undefined));
    const secret = parameters.find(({ path }) => path.endsWith('.KeyPassphrase'));
    t.ok((secret?.parameters.length ?? 0) > 0);
    t.notOk(secret?.parameters.some((name) => name in cpeValues));
    t.notOk('Device.WiFi.AccessPoint.1.Security.KeyPassphrase' in values);
  });

  await t.test('a parameter, and an object with all below it', async (t) => {
    const rule = { file: 'mappings/tr098/wifi.yaml', line: Number };
    t.match(await map('Device.WiFi.SSID.1.SSID'), {
      status: 200,
      body: {
        root: 'InternetGatewayDevice.',
        parameters: [{ path: 'Device.WiFi.SSID.1.SSID', rules: [rule], parameters: [`${WLAN}SSID`] }],
        more: false,
      },
    });
    const { body } = await map('Device.WiFi.SSID.1.');
    const paths = (body as { parameters: { path: string }[] }).parameters.map(({ path }) => path);
    t.ok(paths.length > 5 && paths.every((path) => path.startsWith('Device.WiFi.SSID.1.')));
    t.ok(paths.includes('Device.WiFi.SSID.1.Stats.BytesSent'));
  });

  await t.test('what is no path, or not there', async (t) => {
    for (const path of ['', 'WiFi.', 'Device.WiFi.SSID.*.', 'InternetGatewayDevice.']) {
      t.match(await map(path), { status: 400, body: { error: 'bad-request' } }, path);
    }
    t.match(await map('Device.WiFi.SSID.77.'), { status: 404 });
    t.match(await call(harness, '/devices/000000-none/map?path=Device.'), { status: 404 });
  });

  await t.test('where the device cannot be asked the rest is told, and why', async (t) => {
    await cpe.stop();
    const { body } = await now('Device.WiFi.SSID.1.SSID');
    t.match(body, { parameters: [{ parameters: [`${WLAN}SSID`] }], notAsked: /./ });
    t.notOk('values' in (body as object));
  });
});
