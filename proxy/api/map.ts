// How the model of a device is shown: GET …/devices/<id>/map?path=Device.WiFi. With `values=now` the CPE is asked
// what it says; where it cannot be, the answer says why, and what is known without it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OwnRequests } from '../device/own-requests.ts';
import { EXPLAIN, type Explain, type Explained, type ExplainedNow } from '../mapping/explain.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import { type Id, notFound } from './replies.ts';

export interface MapAccess {
  readonly explain: Explain;
  readonly own: OwnRequests;
}

type FindDevice = (request: FastifyRequest<Id>) => Promise<DeviceRecord | undefined>;

const WANTED =
  'path wants a path of Device:2 without wildcards: Device.WiFi.SSID.1.SSID, Device.WiFi.; values, if given, is now';

interface Wanted {
  readonly path: string;
  readonly now: boolean;
}
function wantedIn(query: unknown): Wanted | undefined {
  if (typeof query !== 'object' || query === null || !('path' in query)) return undefined;
  const { path } = query;
  const values = 'values' in query ? query.values : undefined;
  if (typeof path !== 'string' || !/^Device\.[\w.-]*$/.test(path)) return undefined;
  return values === undefined || values === 'now' ? { path, now: values === 'now' } : undefined;
}

/** What the CPE says, or why it does not. */
type Said = { readonly ok: true; readonly explained: ExplainedNow } | { readonly ok: false; readonly why: string };

async function askedNow(own: OwnRequests, device: DeviceRecord, path: string): Promise<Said> {
  const asked = await own.ask(device, EXPLAIN, path);
  if (asked.kind === 'refused') return { ok: false, why: 'the device takes no further request now' };
  if (asked.kind === 'late') return { ok: false, why: 'the device has not answered in time' };
  // Its own runner's answer.
  const answer = JSON.parse(asked.answer) as ExplainedNow | { readonly error: string };
  return 'error' in answer ? { ok: false, why: answer.error } : { ok: true, explained: answer };
}

export function mapRoutes(server: FastifyInstance, { explain, own }: MapAccess, findDevice: FindDevice): void {
  server.get<Id>('/api/v1/devices/:id/map', async (request, reply) => {
    const wanted = wantedIn(request.query);
    if (wanted === undefined) return reply.code(400).send({ error: 'bad-request', message: WANTED });
    const device = await findDevice(request);
    if (device === undefined) return notFound(reply, 'no such device');
    const said = wanted.now ? await askedNow(own, device, wanted.path) : undefined;
    if (said?.ok === true) {
      const { values, cpeValues } = said.explained;
      return described(reply, wanted.path, said.explained, { values, cpeValues });
    }
    const known = await explain(device, wanted.path);
    if (known === undefined) return notFound(reply, said?.why ?? 'nothing is known of the model of this device yet');
    return described(reply, wanted.path, known, said === undefined ? {} : { notAsked: said.why });
  });
}

function described(reply: FastifyReply, path: string, { root, parameters, cut }: Explained, now: object = {}): unknown {
  if (parameters.length === 0) return notFound(reply, `the device has nothing at ${path}`);
  const described = parameters.map(({ path, rules, cpeNames }) => ({ path, rules, parameters: cpeNames }));
  return { path, root, parameters: described, more: cut, ...now };
}
