// What a connection's state says in the words of Device:2. Pure.
import type { Codec, MakeCodec } from '../codec.ts';
import { folded, plain } from './making.ts';

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

export const connectionCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['while-connected', plain(whileConnected)],
  ['dhcp.state', plain(dhcpState)],
];
