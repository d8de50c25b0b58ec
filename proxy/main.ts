// The gateway's process: reads the configuration, starts, and stops when it is told to.
import { printConfig } from './config/load.ts';
import { CausewayError } from './errors.ts';
import { HELP, load, readArguments } from './main/arguments.ts';
import { type Gateway, startGateway } from './main/gateway.ts';
import { checkRules } from './mapping/views.ts';
import { systemClock, systemRandomness } from './operate/clock.ts';
import { createLog, type Log } from './operate/log.ts';

function obeySignals(gateway: Gateway, log: Log): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      log.warn('told to stop twice: ending at once');
      process.exit(1);
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    void gateway.stop().then((clean) => process.exit(clean ? 0 : 1));
  };
  process.on('SIGHUP', () => gateway.reload());
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function run(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(HELP);
    return;
  }
  const loaded = load(args, process.env);
  if (args.printConfig) {
    process.stdout.write(`${printConfig(loaded)}\n`);
    return;
  }
  // A device that comes later is not to find out that a rule is wrong.
  checkRules(loaded.config['mapping.rules']);
  const log = createLog(loaded.config['log.level']);
  // Nothing should leave an error to nobody; what does must not end the sessions of all other devices (promise 3).
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'an error was left to nobody: a bug'));
  const effects = { clock: systemClock, randomness: systemRandomness, log };
  obeySignals(await startGateway(loaded.config, effects), log);
}

run().catch((error: unknown) => {
  const text = error instanceof CausewayError ? `${error.code}\n${error.message}` : String((error as Error).stack);
  process.stderr.write(`causeway: ${text}\n`);
  process.exit(1);
});
