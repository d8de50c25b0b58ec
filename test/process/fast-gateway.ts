// A whole gateway whose time runs faster, so that heartbeats run out within seconds of a test: its own program, to be killed.
// Arguments: how many times faster, then flags as of the gateway itself. Prints one line of JSON with its addresses.
import { loadConfig } from '../../proxy/config/load.ts';
import { startGateway } from '../../proxy/main/gateway.ts';
import { type Clock, systemClock, systemRandomness as randomness } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';

const [speed = '1', ...args] = process.argv.slice(2);
const flags = args.map((argument): [string, string] => {
  const equals = argument.indexOf('=');
  return [argument.slice(2, equals), argument.slice(equals + 1)];
});
const factor = Number(speed);
// From an hour that all such programs on this machine share: they compare their times.
const clock: Clock = {
  now: () => Math.floor(systemClock.now() * factor),
  after: (ms, run) => systemClock.after(ms / factor, run),
};
const { config } = loadConfig({ file: undefined, environment: {}, flags });
const gateway = await startGateway(config, { clock, randomness, log: createLog('warn') });
console.log(JSON.stringify({ ...gateway.addresses, msg: 'Causeway is up' }));
process.on('SIGTERM', () => void gateway.stop().then(() => process.exit(0)));
