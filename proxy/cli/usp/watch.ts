// causeway usp watch: what a device tells, as it tells it.
import { randomBytes } from 'node:crypto';
import { durationOption } from '../arguments.ts';
import { findDevice } from '../agents.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { sightingJson, sightingText } from './notify-text.ts';
import { readPlan } from './watch-plan.ts';
import { keepWatching } from './watching.ts';

const DAY_MS = 86_400_000;
/** What a shell expects of a process that ended by Ctrl-C. */
const INTERRUPTED = 130;

/** Ends at the first signal, after `ms`, or when nobody reads any more; a second signal ends the process at once. */
function endAfter(ms: number): { readonly signal: AbortSignal; readonly settle: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, ms);
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    stop();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.stdout.on('error', stop);
  return {
    signal: controller.signal,
    settle() {
      clearTimeout(timer);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      process.stdout.off('error', stop);
    },
  };
}

export const watch: Command = {
  kind: 'command',
  name: 'watch',
  summary: 'values as they change, and events as they happen',
  operands: [{ name: 'agent' }, { name: 'path', optional: true, many: true }],
  options: {
    event: { value: 'EVENT', help: 'also this event, such as Boot!; may be given several times' },
    for: { value: 'TIME', help: 'how long to watch: 60s, 5m, 2h; a day if not given' },
  },
  speaksUsp: true,
  timeoutMs: READ_TIMEOUT_MS,
  // Not the one of the other commands: a Controller has one connection to an Agent, and a get would end the watch.
  controller: 'self::causeway-watch',
  detail: [
    'Adds Subscriptions (ValueChange, Event) to the Agent, shows what the values are now, and then every Notify with the\n' +
      'time at which it came. Its Subscriptions are removed at the end or on Ctrl-C; if that fails it says so, and they\n' +
      'end by themselves a minute after the watch would have.',
    'When the gateway goes away the watch connects again; what happened meanwhile is told then. With --json each line is\n' +
      'one object; messages about the watch itself go to standard error.',
  ],
  examples: [
    { line: 'usp watch 000001 Device.WiFi.SSID.1.SSID --event Boot!', what: 'one value, and reboots' },
    { line: "usp watch 000001 'Device.IP.Interface.*.Status' --for 10m", what: 'a parameter of every row' },
  ],
  async run({ operands, options, settings, io }) {
    const [agent = '', ...paths] = operands;
    const plan = readPlan(paths, options.values('event'));
    if (!plan.ok) return plan;
    const lasting = durationOption(options, 'for', DAY_MS);
    if (!lasting.ok) return lasting;
    const device = await findDevice(settings, agent);
    if (!device.ok) return device;
    const { endpointId } = device.value;
    const end = endAfter(lasting.value);
    const outcome = await keepWatching({
      settings,
      agent: endpointId,
      plan: plan.value,
      name: `causeway-watch-${randomBytes(4).toString('hex')}`,
      endsAt: Date.now() + lasting.value,
      end: end.signal,
      seen: (seen) => {
        const sighting = { time: new Date().toISOString(), agent: endpointId, seen };
        io.out(settings.json ? sightingJson(sighting) : sightingText(sighting, io.paint));
      },
      say: (text) => io.err(io.errPaint.dim(text)),
    });
    end.settle();
    return outcome;
  },
};
