// Names to addresses, for connections to where somebody else says. One look-up of a name at a time, however many ask for it:
// the system's resolver has few threads. What the settings do not allow is taken out before anybody connects.
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import type { HostPolicy } from './hosts.ts';

interface Found {
  readonly address: string;
  readonly family: number;
}
export type Resolve = (name: string) => Promise<readonly Found[]>;

/** By the system's resolver. */
export const systemResolve: Resolve = (name) => lookup(name, { all: true });

/** Whoever asks for a name that is being looked up gets the answer to that. */
export function sharedResolve(resolve: Resolve): Resolve {
  const asked = new Map<string, Promise<readonly Found[]>>();
  return (name) => {
    const known = asked.get(name);
    if (known !== undefined) return known;
    const found = resolve(name).finally(() => asked.delete(name));
    asked.set(name, found);
    return found;
  };
}

export const ADDRESS_REFUSED = 'CAUSEWAY_ADDRESS_REFUSED';

/** As `net.connect` calls it; it is not asked for a host that is an address. */
export function allowedLookup(resolve: Resolve, policy: HostPolicy, port: number): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (found) => {
        const allowed = found.filter(({ address }) => policy.judgeResolved(name, address, port) === undefined);
        const [first] = allowed;
        if (first === undefined) callback(refused(name), '');
        else if (options.all === true) callback(null, [...allowed]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
    );
  };
}

const refused = (name: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${name} leads to no address that is allowed`), { code: ADDRESS_REFUSED });
