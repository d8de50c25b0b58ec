// What a connection's state says in the words of Device:2. Pure.
import type { Codec, MakeCodec } from '../codec.ts';
import { faithful, folded, isTrue, plain, written } from './making.ts';

/** [Uptime, ConnectionStatus]: while it is up, it last changed when it came up; otherwise nobody knows, which is 0. */
const whileConnected: Codec = {
  read: ([uptime, status]) => {
    if (uptime === undefined) return undefined;
    return status === undefined || folded(status) === 'connected' ? uptime.trim() : '0';
  },
};

/** [ConnectionStatus, AddressingType] */
const dhcpState: Codec = {
  read: ([status, addressing]) => {
    if (status === undefined) return undefined;
    if (addressing !== undefined && folded(addressing) !== 'dhcp') return 'Init';
    return folded(status) === 'connected' ? 'Bound' : folded(status) === 'connecting' ? 'Selecting' : 'Init';
  },
};

/** TR-106's times for "never" and "nobody knows". */
const NEVER = '9999-12-31T23:59:59Z';
const UNKNOWN = '0001-01-01T00:00:00Z';
/** Seconds that are left of a lease are no time without a clock; but -1 is for ever. */
const leaseEnd: Codec = {
  read: ([seconds]) => (seconds === undefined ? undefined : seconds.trim() === '-1' ? NEVER : UNKNOWN),
};

const ROOT = 'InternetGatewayDevice.';
/**
 * [UseAllocatedWAN, AssociatedConnection] of a LANDevice, for the connection that is named behind the colon: whether its
 * address is passed through.
 */
const passthrough: MakeCodec = ({ argument }) => {
  const own = argument.replace(/\.$/, '');
  if (own === '') return 'its argument is the path of the connection';
  const isOwn = (path: string): boolean => path.trim().replace(/\.$/, '').replace(ROOT, '') === own;
  return faithful({
    read: ([use, connection]) =>
      use === undefined ? undefined : String(folded(use) === 'passthrough' && isOwn(connection ?? '')),
    write: (value) => (isTrue(value) ? written('Passthrough', ROOT + own) : written('Normal', undefined)),
  });
};

export const connectionCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['while-connected', plain(whileConnected)],
  ['dhcp.state', plain(dhcpState)],
  ['lease-end', plain(leaseEnd)],
  ['passthrough', passthrough],
];
