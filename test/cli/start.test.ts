// One command does all: the gateway is started by it, stopped and started again, and a watch lives through that.
import { join } from 'node:path';
import t from 'tap';
import { createCpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import { temporaryFolder } from '../gateway/harness.ts';
import { runCauseway, type Running, runningCauseway, spawnCauseway } from './run-causeway.ts';

const CHANNEL = 'Device.WiFi.Radio.1.Channel';

interface Up {
  readonly cwmp: string;
  readonly http: string;
}

/** Where a gateway says that it listens. */
async function upOf(gateway: Running): Promise<Up> {
  return JSON.parse(await gateway.line((line) => line.includes('Causeway is up'))) as Up;
}

t.test('a watch lives through a restart of the gateway', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const start = (listen: Up): Running =>
    runningCauseway(
      t,
      ['start', '--data.dir', data, '--operate.listen', '127.0.0.1:0', '--park.poll', '1s'].concat(
        ['--files.listen', '127.0.0.1:0', '--cwmp.listen', listen.cwmp],
        ['--http.listen', listen.http],
      ),
      // The command line's own: no settings of the gateway, which leaves them alone.
      { CAUSEWAY_GATEWAY: 'http://127.0.0.1:1', CAUSEWAY_TOKEN: 'unused' },
    );
  const before = start({ cwmp: '127.0.0.1:0', http: '127.0.0.1:0' });
  const up = await upOf(before);
  const cpe = createCpe({ dump: loadDump('tiny-tr181'), acsUrl: `http://${up.cwmp}/`, timings: { retryScale: 0.05 } });
  t.teardown(() => cpe.stop());
  const first = cpe.nextSession();
  await cpe.start();
  await first;

  const environment = { CAUSEWAY_GATEWAY: `http://${up.http}` };
  const watch = runningCauseway(t, ['usp', 'watch', 'MN0000000001', CHANNEL], environment);
  await watch.line((line) => line.includes(`is       ${CHANNEL} = 11`));

  before.signal('SIGTERM');
  t.equal(await before.ended, 0, 'a stop that is told goes through to the gateway');
  await watch.line((line) => line.includes('the connection is lost (stopping); connecting again in'));
  const after = start(up);
  await upOf(after);
  await watch.line((line) => line === 'connected again');

  cpe.setLocally(CHANNEL, '4');
  await watch.line((line) => line.endsWith(`changed  ${CHANNEL} = 4`));
  watch.signal('SIGINT');
  t.equal(await watch.ended, 0);
  const left = await runCauseway(
    ['usp', 'get', 'MN0000000001', 'Device.LocalAgent.Subscription.', '--json'],
    environment,
  );
  t.match(left.json, { req_path_results: [{ err_code: 0, resolved_path_results: [] }] });

  const gone = runningCauseway(t, ['usp', 'watch', 'MN0000000001', CHANNEL], environment);
  await gone.line((line) => line.includes(`is       ${CHANNEL} = 4`));
  after.signal('SIGTERM');
  await after.ended;
  await gone.line((line) => line.includes('connection is lost'));
  gone.signal('SIGINT');
  t.equal(await gone.ended, 1, 'Subscriptions that stay behind are no success');
  t.match(gone.lines.join('\n'), /could not remove Device\.LocalAgent\.Subscription\.\d+\. .*ends by itself at 20/);
});

t.test('start hands on what the gateway says of a wrong argument', async (t) => {
  const wrong = await spawnCauseway(['start', '--cwmp.lisen', 'x']);
  t.equal(wrong.code, 1);
  t.match(wrong.err, /cwmp\.lisen is no setting; did you mean cwmp\.listen\?/);
});
