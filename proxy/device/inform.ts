// What an Inform says of its device: identity, facts, events. Pure.
import { hash } from 'node:crypto';
import type { InformRequest } from '../rpc/inform.ts';
import type { SaidFacts } from '../store/device-steps.ts';
import type { Shown } from './credentials/due.ts';

/** An Inform that the south edge has authenticated and read. */
export interface Arrival {
  readonly inform: InformRequest;
  readonly cwmpVersion: number;
  readonly sourceAddress: string;
  /** Whose devices come to its listener; undefined where anybody's do. */
  readonly tenant?: string | undefined;
  /** '' where no credentials were asked for. */
  readonly username: string;
  /** Undefined where it proved itself otherwise, or not at all. */
  readonly shown?: Shown | undefined;
  /** The SessionTimeout header, in milliseconds. */
  readonly sessionTimeoutMs: number | undefined;
}

/** Parameters of the Inform that are facts, below the root. */
const FACTS: ReadonlyMap<string, keyof SaidFacts> = new Map([
  ['DeviceInfo.SoftwareVersion', 'SoftwareVersion'],
  ['DeviceInfo.HardwareVersion', 'HardwareVersion'],
  ['RootDataModelVersion', 'dataModel'],
  ['ManagementServer.ConnectionRequestURL', 'ConnectionRequestURL'],
  ['ManagementServer.UDPConnectionRequestAddress', 'UDPConnectionRequestAddress'],
  ['ManagementServer.NATDetected', 'NATDetected'],
  ['ManagementServer.ConnReqJabberID', 'ConnReqJabberID'],
  ['ManagementServer.ParameterKey', 'ParameterKey'],
]);

const ROOTS = ['Device.', 'InternetGatewayDevice.'] as const;

/** The root of the CPE's model by the parameters of its Inform, never by the empty path (quirk 11); '' when unknown. */
export function rootOf(inform: InformRequest): string {
  for (const { Name } of inform.ParameterList) {
    const name = Name.trim();
    const root = ROOTS.find((candidate) => name.startsWith(candidate));
    if (root !== undefined) return root;
  }
  return '';
}

/** What an Inform says of the facts; a parameter it does not carry says nothing. */
export function factsOf(arrival: Arrival): SaidFacts {
  const root = rootOf(arrival.inform);
  const { cwmpVersion, sourceAddress, username } = arrival;
  if (root === '') return { cwmpVersion, sourceAddress, username };
  const said: Record<string, string> = {};
  for (const { Name, Value } of arrival.inform.ParameterList) {
    const name = FACTS.get(Name.trim().slice(root.length));
    if (name !== undefined) said[name] = Value;
  }
  return { ...said, root, cwmpVersion, sourceAddress, username };
}

/** Over events and ParameterList: what tells a repeated Inform from a new one (DESIGN mechanism 6). */
export function informDigest(inform: InformRequest): string {
  let text = '';
  for (const { EventCode, CommandKey } of inform.Event) text += `${EventCode}\n${CommandKey}\n`;
  for (const { Name, Value } of inform.ParameterList) text += `${Name}\n${Value}\n`;
  return hash('sha1', text, 'base64url');
}
