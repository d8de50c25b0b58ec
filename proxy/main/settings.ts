// The configuration in the words of each room.
import type { AgentSettings } from '../agent/context.ts';
import type { LimitSettings } from '../endpoint/limits.ts';
import type { Config } from '../config/schema.ts';
import type { CwmpSettings } from '../cwmp/server.ts';
import type { ChainSettings } from '../cwmp/upstream/chain.ts';
import type { OwnCredentialsSettings } from '../device/credentials/own-credentials.ts';
import { createKeyRing } from '../device/credentials/sealing.ts';
import type { DeviceSettings } from '../device/settings.ts';
import type { TransferSettings } from '../device/transfers/transfers.ts';
import { CausewayError } from '../errors.ts';
import { cwmpListeners, type WantedListener, wantedListeners } from './cwmp-listeners.ts';

export const deviceSettings = (config: Config): DeviceSettings => ({
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
  mustBeEnrolled: config['cwmp.enrolment'] === 'allow-list',
  notifyCap: config['notify.cap'],
  wakeArrivalMs: config['connectionRequest.arrival'],
  // When its CPEs inform is the matter of an ACS that has them.
  spreadInforms: config['inform.spread'] && config['cwmp.upstream'] === '',
});

const asksForPassword = ({ auth }: WantedListener): boolean => auth === 'basic' || auth === 'digest';

/** Throws CAUSEWAY_CONFIG_INVALID for what cannot work together. */
export function checkCredentials(config: Config): void {
  const invalid = (message: string): CausewayError => new CausewayError('CAUSEWAY_CONFIG_INVALID', message);
  const provision = config['credentials.provision'];
  if (config['cwmp.enrolment'] === 'shared-secret' && !provision) {
    throw invalid(
      'cwmp.enrolment is shared-secret: set credentials.provision, or CPEs never have credentials of their own',
    );
  }
  if (provision && config['cwmp.upstream'] !== '') {
    throw invalid('credentials.provision: with cwmp.upstream the credentials of the CPEs are those of the ACS behind');
  }
  if (provision && !wantedListeners(config).some(asksForPassword)) {
    throw invalid('credentials.provision: no listener asks CPEs for credentials; set cwmp.auth to digest');
  }
}

/** `lastKey`: the one that the store keeps; it unseals what was sealed before others were set. */
export function ownCredentialsSettings(config: Config, lastKey: Uint8Array): OwnCredentialsSettings {
  const [first, ...others] = config['credentials.keys'];
  const maxAgeMs = config['credentials.maxAge'];
  return {
    provision: config['credentials.provision'],
    ring: first === undefined ? createKeyRing(lastKey) : createKeyRing(first, ...others, lastKey),
    maxAgeMs: maxAgeMs === 0 ? undefined : maxAgeMs,
    sharedUsername: config['cwmp.username'],
    sharedThenOwn: config['cwmp.enrolment'] === 'shared-secret',
    sharedAfterReset: config['credentials.sharedAfterReset'],
  };
}

export const limitSettings = (config: Config): LimitSettings => ({
  records: config['usp.limits.records'],
  requests: config['usp.limits.requests'],
  connections: config['usp.limits.connections'],
  requestLifetimeMs: config['request.deadline'] + config['request.max'],
});

export const transferSettings = (config: Config): TransferSettings => ({
  keepMs: config['transfer.keep'],
  cap: config['transfer.cap'],
});

export const agentSettings = (config: Config, softwareVersion: string): AgentSettings => ({
  softwareVersion,
  subscriptionCap: config['subscription.cap'],
  webSocket: {
    port: config['http.listen'].port,
    encrypted: false,
    keepAliveSeconds: Math.round(config['usp.ping'] / 1000),
  },
  rebootGraceMs: config['reboot.grace'],
  diagnosticBoundMs: config['diagnostic.bound'],
  notifyKeepMs: config['notify.keep'],
  leavesNative: config['usp.native'] === 'refuse',
});

/** Throws CAUSEWAY_CONFIG_INVALID for a URL that leads to no ACS. */
function upstream(config: Config): ChainSettings | undefined {
  const url = config['cwmp.upstream'];
  if (url === '') return undefined;
  if (!/^https?:$/.test(new URL(url).protocol)) {
    throw new CausewayError('CAUSEWAY_CONFIG_INVALID', 'cwmp.upstream: an ACS is found at http:// or https://');
  }
  return {
    url,
    // What CPEs prove themselves with to us is none of the ACS's: on no listener may they be asked by both.
    passesChallenges: config['cwmp.upstreamUsername'] === '' && !wantedListeners(config).some(asksForPassword),
    username: config['cwmp.upstreamUsername'],
    password: config['cwmp.upstreamPassword'],
    timeoutMs: config['cwmp.upstreamTimeout'],
    body: config['cwmp.body'],
    away: config['cwmp.upstreamAway'],
  };
}

/** Throws CAUSEWAY_CONFIG_INVALID. */
export const cwmpSettings = (config: Config): CwmpSettings => ({
  listeners: cwmpListeners(config),
  username: config['cwmp.username'],
  password: config['cwmp.password'],
  realm: config['cwmp.realm'],
  digest: config['cwmp.digest'],
  digestQop: config['cwmp.digestQop'],
  nonceValidityMs: config['cwmp.nonceValidity'],
  keepAliveMs: config['cwmp.keepAlive'],
  identifyByAddress: config['cwmp.identifyByAddress'],
  bodyBeforeAuthentication: config['cwmp.bodyBeforeAuthentication'],
  body: config['cwmp.body'],
  sessionCap: config['session.cap'],
  informsPerMinute: config['cwmp.informsPerMinute'],
  session: { idleMs: config['session.idle'], maxMs: config['session.max'], maxRpcs: config['session.maxRpcs'] },
  upstream: upstream(config),
});
