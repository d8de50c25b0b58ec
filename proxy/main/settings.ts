// The configuration in the words of each room.
import type { AgentSettings } from '../agent/agent.ts';
import type { Config } from '../config/schema.ts';
import type { Network } from '../cwmp/connection-request/network.ts';
import type { CwmpSettings } from '../cwmp/server.ts';
import type { DeviceSettings } from '../device/settings.ts';
import { CausewayError } from '../errors.ts';
import { networksOf } from './networks.ts';

/** Until tenants are configured there is one. */
export const TENANT = 'default';

export const deviceSettings = (config: Config): DeviceSettings => ({
  tenant: TENANT,
  park: {
    holdMs: config['park.hold'],
    idleMs: config['park.idle'],
    maxMs: config['park.max'],
    pollMs: config['park.poll'],
    batch: config['park.batch'],
  },
  parkCap: config['park.cap'],
  rpcTimeoutMs: config['rpc.timeout'],
  readBatch: config['read.batch'],
  requestDeadlineMs: config['request.deadline'],
  requestMaxMs: config['request.max'],
  mailboxEntries: config['mailbox.entries'],
  diagnosticBoundMs: config['diagnostic.bound'],
  treeFreshMs: config['tree.fresh'],
  treeMaxAgeMs: config['tree.maxAge'],
  registryCap: config['registry.cap'],
  notifyCap: config['notify.cap'],
  wakeArrivalMs: config['connectionRequest.arrival'],
  spreadInforms: config['inform.spread'],
});

export const agentSettings = (config: Config, softwareVersion: string): AgentSettings => ({
  softwareVersion,
  subscriptionCap: config['subscription.cap'],
  rebootGraceMs: config['reboot.grace'],
  notifyKeepMs: config['notify.keep'],
});

/** Throws CAUSEWAY_CONFIG_INVALID for a network that is none, and for PROXY headers that nobody may send. */
function trustedProxies(config: Config): readonly Network[] {
  const networks = networksOf(config, 'cwmp.trustedProxies');
  if (config['cwmp.proxyProtocol'] && networks.length === 0) {
    throw new CausewayError(
      'CAUSEWAY_CONFIG_INVALID',
      'cwmp.proxyProtocol is on: name the proxies in cwmp.trustedProxies',
    );
  }
  return networks;
}

/** Throws CAUSEWAY_CONFIG_INVALID. */
export const cwmpSettings = (config: Config): CwmpSettings => ({
  auth: config['cwmp.auth'],
  username: config['cwmp.username'],
  password: config['cwmp.password'],
  realm: config['cwmp.realm'],
  nonceValidityMs: config['cwmp.nonceValidity'],
  keepAliveMs: config['cwmp.keepAlive'],
  proxied: config['cwmp.proxied'],
  trustedProxies: trustedProxies(config),
  proxyProtocol: config['cwmp.proxyProtocol'],
  identifyByAddress: config['cwmp.identifyByAddress'],
  bodyBeforeAuthentication: config['cwmp.bodyBeforeAuthentication'],
  body: config['cwmp.body'],
  sessionCap: config['session.cap'],
  informsPerMinute: config['cwmp.informsPerMinute'],
  session: { idleMs: config['session.idle'], maxMs: config['session.max'], maxRpcs: config['session.maxRpcs'] },
});
