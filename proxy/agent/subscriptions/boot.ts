// Boot! (TR-181 Device.Boot!): that the CPE started anew, and why, as far as its Inform and our own commands tell.
import { type DeviceEvent, hasEvent } from '../../device/events.ts';
import type { EventNotification } from '../../usp/messages/notify.ts';

const BOOTSTRAP = 0;

function causeOf(codes: readonly string[], commandKeys: readonly string[], expected: string | undefined): string {
  if (expected !== undefined) return expected;
  if (hasEvent(codes, BOOTSTRAP)) return 'LocalFactoryReset';
  // "M Reboot" with a key that is not ours: another management system asked for it. Whoever had new software loaded, had it
  // booted.
  return codes.some(
    (code, index) => /^\s*M (?:Reboot|Download|ScheduleDownload)/i.test(code) && commandKeys[index] !== '',
  )
    ? 'RemoteReboot'
    : 'LocalReboot';
}

/** The Boot! of an event that tells a boot; undefined for every other. */
export function bootNotification(event: DeviceEvent): EventNotification | undefined {
  if (event.kind !== 'inform' || event.boot === undefined) return undefined;
  const { expected, firmwareUpdated } = event.boot;
  const codes = event.events.map(({ EventCode }) => EventCode);
  const commandKeys = event.events.map(({ CommandKey }) => CommandKey);
  return {
    kind: 'event',
    obj_path: 'Device.',
    event_name: 'Boot!',
    params: new Map([
      ['CommandKey', expected?.command_key ?? ''],
      ['Cause', causeOf(codes, commandKeys, expected?.cause)],
      ['Reason', expected === undefined || expected.reason === '' ? 'Unknown' : expected.reason],
      ['FirmwareUpdated', String(firmwareUpdated)],
      // Each Controller's own.
      ['ParameterMap', '{}'],
    ]),
  };
}

export const withParameterMap = (boot: EventNotification, map: string): EventNotification => ({
  ...boot,
  params: new Map([...boot.params, ['ParameterMap', map]]),
});
