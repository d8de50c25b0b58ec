// A gateway with one CPE that has introduced itself and closed its session, and what a test looks at from outside.
import type { UspBody } from '../../proxy/usp/msg.ts';
import type { Cpe } from '../cpe/cpe.ts';
import type { OccurrenceOf } from '../cpe/observe.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';

type Test = Parameters<typeof startHarness>[0];

export interface DeviceScene extends Harness {
  readonly device: Cpe;
  readonly agent: string;
  /** Connection Requests that the CPE let through. */
  readonly calls: readonly OccurrenceOf<'connection-request'>[];
  /** A counter of the gateway's; 0 when it was never counted. */
  counted(name: string, label: string): Promise<number>;
  /** What waits in the mailbox or runs. */
  waiting(): Promise<number>;
}

/** The CPE is idle when this resolves. */
export async function setDeviceScene(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
  options: Partial<CpeOptions> = {},
): Promise<DeviceScene> {
  const harness = await startHarness(t, settings);
  const device = harness.cpe(options);
  const calls: OccurrenceOf<'connection-request'>[] = [];
  device.on((occurrence) => {
    if (occurrence.kind === 'connection-request' && occurrence.status === 200) calls.push(occurrence);
  });
  const first = device.nextSession();
  await device.start();
  await first;
  const { oui, productClass, serialNumber } = device.deviceId;
  const id = `${oui}-${productClass}-${serialNumber}`;
  return {
    ...harness,
    device,
    calls,
    agent: agentOf(device),
    async counted(name, label) {
      const text = await (await fetch(`${harness.operateUrl}/metrics`)).text();
      const line = text
        .split('\n')
        .find((one) => one.startsWith(`causeway_${name}_total{`) && one.includes(`="${label}"`));
      return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ')));
    },
    async waiting() {
      const { waitingRequests } = (await (await fetch(`${harness.apiUrl}/devices/${id}`)).json()) as {
        waitingRequests: number;
      };
      return waitingRequests;
    },
  };
}

export const SOFTWARE = 'Device.DeviceInfo.SoftwareVersion';
export const getBody = (...param_paths: readonly string[]): UspBody => ({ kind: 'get', param_paths, max_depth: 0 });
export const setBody = (obj_path: string, param: string, value: string): UspBody => ({
  kind: 'set',
  allow_partial: false,
  update_objs: [{ obj_path, param_settings: [{ param, value, required: true }] }],
});
export const operateBody = (command: string): UspBody => ({
  kind: 'operate',
  command,
  command_key: 'key-1',
  send_resp: true,
  input_args: new Map(),
});
export const subscribeBody = (id: string, notifType: string, references: string): UspBody => ({
  kind: 'add',
  allow_partial: false,
  create_objs: [
    {
      obj_path: 'Device.LocalAgent.Subscription.',
      param_settings: Object.entries({
        Enable: 'true',
        ID: id,
        NotifType: notifType,
        ReferenceList: references,
      }).map(([param, value]) => ({ param, value, required: true })),
    },
  ],
});

/** The value that a Get brought; the error's text where it brought none. */
export function valueIn(answer: UspBody, path: string): string | undefined {
  if (answer.kind === 'error') return `${answer.err_code} ${answer.err_msg}`;
  if (answer.kind !== 'get_resp') return answer.kind;
  const name = path.slice(path.lastIndexOf('.') + 1);
  const result = answer.req_path_results.find(({ requested_path }) => requested_path === path);
  if (result === undefined || result.err_code !== 0) return `${result?.err_code} ${result?.err_msg}`;
  return result.resolved_path_results[0]?.result_params.get(name);
}
