// causeway download, upload and transfers against a gateway with a CPE that really fetches and sends.
import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { startTransferFiles } from '../gateway/transfer-scene.ts';
import { causeway, gatewayOf, knownCpe, runCauseway } from './run-causeway.ts';

t.test('transfers', async (t) => {
  const harness = await startHarness(t);
  const files = await startTransferFiles(t);
  await knownCpe(harness, { timings: { transferTime: 10 } });
  const WEB = ['--type', '2 Web Content'];

  await t.test('a download, followed to its end; the password from the environment', async (t) => {
    const url = ['--url', `${files.url}/fw-9.bin?token=t0ken`];
    const args = ['download', 'T0001', ...WEB, ...url, '--username', 'user', '--size', '8', '--wait'];
    const environment = { CAUSEWAY_GATEWAY: gatewayOf(harness), CAUSEWAY_FILE_PASSWORD: 'pass' };
    const { code, out, err } = await runCauseway(args, environment);
    t.equal(code, 0, err);
    t.match(out, /^key +1[A-Z2-7]{20}01\n/);
    t.match(out, /\nstate +succeeded\n/);
    t.match(err, /^1[A-Z2-7]{20}01 waiting\n/);
    t.match(err, / succeeded\n$/);
    t.notMatch(out + err, /t0ken|pass/);
  });

  await t.test('one that fails: 1, and the fault', async (t) => {
    const login = ['--username', 'user', '--password', 'pass'];
    const { code, json } = await causeway(
      harness,
      ...['download', 'T0001', ...WEB, '--url', `${files.url}/missing.bin`, ...login, '--wait', '--json'],
    );
    t.equal(code, 1);
    t.match(json, { state: 'failed', FaultCode: 9016 });
  });

  await t.test('an upload that is not waited for, listed, and cancelled', async (t) => {
    const url = ['--url', `${files.url}/backup`];
    const type = ['--type', '1 Vendor Configuration File'];
    const begun = await causeway(harness, 'upload', 'T0001', ...type, ...url, '--delay', '3600', '--json');
    t.equal(begun.code, 0);
    t.match(begun.json, { kind: 'upload', state: 'waiting', order: { DelaySeconds: 3600 } });
    const { key } = begun.json as { readonly key: string };
    const listed = await causeway(harness, 'transfers', 'T0001');
    t.equal(listed.code, 0);
    t.match(listed.out, /^transfer +kind +state /);
    t.match(listed.out, new RegExp(`\n${key} +upload +(waiting|asked|pending) .*/backup `));
    t.match(listed.out, / failed .* CWMP 9016: /);
    t.equal((await causeway(harness, 'transfers', 'T0001', '--cancel', key)).code, 0);
    t.match(await causeway(harness, 'transfers', 'T0001', '--cancel', '1NONE'), { code: 1, err: /no such transfer/ });
  });

  await t.test('what is wrong is said, and is usage: 2', async (t) => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--url', 'http://files.example/x'], /--type is missing/],
      [WEB, /--url is missing/],
      [[...WEB, '--url', 'http://u:s3cret@files.example/x'], /URL may hold no credentials/],
      [[...WEB, '--url', 'http://files.example/x', '--delay', 'soon'], /DelaySeconds is a number/],
    ];
    for (const [args, message] of cases) {
      const { code, err } = await causeway(harness, 'download', 'T0001', ...args);
      t.match({ code, err }, { code: 2, err: message });
      t.notMatch(err, 's3cret');
    }
  });
});
