// The command line, as a process.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { startScriptedAcs } from './scripted-acs.ts';

const command = fileURLToPath(new URL('./dist/test/cpe/run.js', import.meta.resolve('#package')));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the command until it ends; `onOutput` may end it. */
async function run(
  args: readonly string[],
  onOutput: (text: string, stop: () => void) => void = () => undefined,
): Promise<Outcome> {
  return await new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...args]);
    let [out, error] = ['', ''];
    let stopped = false;
    // A second Ctrl-C would end it at once.
    const stop = (): void => {
      if (!stopped) child.kill('SIGINT');
      stopped = true;
    };
    child.stderr.on('data', (part: Buffer) => (error += part.toString()));
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
      onOutput(out, stop);
    });
    child.on('close', (code) => resolve({ code, out, error }));
  });
}

t.test('--help', async (t) => {
  const { code, out } = await run(['--help']);
  t.equal(code, 0);
  for (const word of ['--acs', '--dump', 'tiny-tr098', 'netcwmp']) t.match(out, word);
});

t.test('settings that make no sense', async (t) => {
  for (const [args, message] of [
    [['--colour', 'red'], /--colour/],
    [['--count', 'many'], /--count takes a number/],
    [['--dialect', 'klingon'], /--dialect takes plain, easycwmp/],
    [['--acs', 'nowhere'], /--acs takes a URL/],
    [['--dump', '/no/such/dump'], /no such file/],
  ] as const) {
    const { code, error } = await run(args);
    t.equal(code, 2, args.join(' '));
    t.match(error, message);
  }
});

t.test('three CPEs report, say so, and stop on Ctrl-C', async (t) => {
  const acs = await startScriptedAcs();
  t.teardown(async () => acs.close());
  const { code, out } = await run(
    ['--acs', acs.url, '--count', '3', '--dump', 'tiny-tr098', '--seed', '1', '--periodic', '0'],
    (text, stop) => {
      if ((text.match(/ends: done/g) ?? []).length === 3) stop();
    },
  );
  t.equal(code, 0);
  t.match(out, /^3 CPEs of tiny-tr098 report to http/);
  t.match(out, /CPE000003 session 1 opens: 0 BOOTSTRAP \+ 1 BOOT\n/);
  t.match(out, /CPE000001 is off\n/);
  t.equal(acs.posts.filter(({ method }) => method === 'Inform').length, 3);
});
