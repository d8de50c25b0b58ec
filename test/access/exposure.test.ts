// Beyond loopback the gateway does not start without credentials, unless the operator says so in words.
import t, { type Test } from 'tap';
import { loadConfig } from '../../proxy/config/load.ts';
import { startGateway } from '../../proxy/main/gateway.ts';
import { systemClock, systemRandomness } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';
import { FREE_PORTS } from '../gateway/harness.ts';

async function start(t: Test, settings: Readonly<Record<string, string>>): Promise<void> {
  const flags = [...FREE_PORTS, ['data.dir', t.testdir()] as const, ...Object.entries(settings)];
  const { config } = loadConfig({ file: undefined, environment: {}, flags });
  const log = createLog('silent');
  const gateway = await startGateway(config, { clock: systemClock, randomness: systemRandomness, log });
  await gateway.stop();
}

const refusal = (settings: string): { readonly code: string; readonly message: RegExp } => ({
  code: 'CAUSEWAY_CONFIG_INSECURE',
  message: new RegExp(`${settings}.*--insecure`, 's'),
});

t.test('without credentials', async (t) => {
  for (const listen of ['0.0.0.0:0', ':0', '[::]:0', '192.0.2.1:0', 'gateway.example:0']) {
    await t.rejects(start(t, { 'http.listen': listen }), refusal('http.token'), `http.listen ${listen}`);
    await t.rejects(start(t, { 'cwmp.listen': listen }), refusal('cwmp.auth'), `cwmp.listen ${listen}`);
  }
  await t.rejects(
    start(t, { 'http.listen': ':0', 'cwmp.listen': ':0' }),
    refusal('cwmp.auth.*http.token'),
    'both named',
  );
});

t.test('with them, or with --insecure, it starts', async (t) => {
  await t.resolves(start(t, { 'http.listen': '127.1.2.3:0' }), 'all of 127/8 is loopback');
  await t.resolves(start(t, { 'http.listen': '0.0.0.0:0', 'http.token': 'the-token' }));
  await t.resolves(start(t, { 'http.listen': '0.0.0.0:0', insecure: 'true' }));
});
