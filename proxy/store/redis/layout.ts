// Where things are in Redis. All of one device has the hash tag `{tenant/device}`, so that a step finds it in one slot
// of a Cluster; what spans devices has keys of its own.
//
//   causeway:{tenant/device}               hash   the device's image: a token, and its documents but for the two below
//   causeway:{tenant/device}:request:<id>  text   a request; goes ten minutes after its outcome
//   causeway:{tenant/device}:notifies      hash   payloads of Notifies by the ids of their rows
//   causeway:devices:<tenant>              zset   all devices of a tenant, by name
//   causeway:enrolled:<tenant>             zset   devices that may be enrolled, by name
//   causeway:home:<device>                 text   the tenant of a device, where there are several
//   causeway:endpoint:<tenant>:<id>        text   the device of an Endpoint ID
//   causeway:holds:<incarnation>           set    devices that an incarnation may own, wake or be attached to
//   causeway:{outbox:<tenant>:<id>}:…      zset   devices that may owe a Controller something: by name, and since when
//   causeway:controllers:<tenant>          zset   Controllers that may be owed something, and since when
//   causeway:{shared-image:<tenant>:<id>}:…  hash, text   devices that may use an image, and that it was given up
//   causeway:{due}:times, :items           zset, hash   due work
//   causeway:nodes                         hash   heartbeats
//   causeway:document:<key>                text   templates, secrets, catalogues, what models teach, grants, where images came from
import type { ImageKey } from '../image-steps.ts';
import type { DeviceKey } from '../store.ts';

const PREFIX = 'causeway:';
/** Neither a brace that would end a hash tag, nor a separator. */
const name = encodeURIComponent;

/** The device's id is made of the characters that `encodeURIComponent` leaves, and of `%`. */
const tagOf = ({ tenant, device }: DeviceKey): string => `{${name(tenant)}/${device}}`;

export const imageKey = (key: DeviceKey): string => `${PREFIX}${tagOf(key)}`;
export const requestKey = (key: DeviceKey, id: string): string => `${PREFIX}${tagOf(key)}:request:${id}`;
export const payloadsKey = (key: DeviceKey): string => `${PREFIX}${tagOf(key)}:notifies`;

export const devicesKey = (tenant: string): string => `${PREFIX}devices:${name(tenant)}`;
export const enrolledKey = (tenant: string): string => `${PREFIX}enrolled:${name(tenant)}`;
export const homeKey = (device: string): string => `${PREFIX}home:${name(device)}`;
export const endpointKey = (tenant: string, endpointId: string): string =>
  `${PREFIX}endpoint:${name(tenant)}:${name(endpointId)}`;
export const holdsKey = (incarnation: string): string => `${PREFIX}holds:${name(incarnation)}`;
export const owingKeys = (tenant: string, controller: string): { readonly names: string; readonly since: string } => {
  const tag = `${PREFIX}{outbox:${name(tenant)}:${name(controller)}}`;
  return { names: `${tag}:names`, since: `${tag}:since` };
};
/** One hash tag for both: a step looks at them together. */
export const sharedImageKeys = ({ tenant, blob }: ImageKey): { readonly uses: string; readonly givenUp: string } => {
  const tag = `${PREFIX}{shared-image:${name(tenant)}:${blob}}`;
  return { uses: `${tag}:uses`, givenUp: `${tag}:given-up` };
};
export const controllersKey = (tenant: string): string => `${PREFIX}controllers:${name(tenant)}`;

export const DUE_TIMES = `${PREFIX}{due}:times`;
export const DUE_ITEMS = `${PREFIX}{due}:items`;
export const NODES = `${PREFIX}nodes`;
export const documentKey = (key: string): string => `${PREFIX}document:${key}`;

/** The image's token: another one after every change, and never the same again. */
export const TOKEN = '#';

/** A member of a set of devices of all tenants. */
export const memberOf = ({ tenant, device }: DeviceKey): string => `${name(tenant)}/${device}`;
export function deviceOf(member: string): DeviceKey {
  const slash = member.indexOf('/');
  return { tenant: decodeURIComponent(member.slice(0, slash)), device: member.slice(slash + 1) };
}
