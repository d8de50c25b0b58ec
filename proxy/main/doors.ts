// Whom the rows of tenants let in at http.listen by certificates of their own: read from the store, and known to TLS.
import { trustOf } from '../agent/local-agent/certificate/trust.ts';
import { templateRows } from '../agent/local-agent/factory-rows.ts';
import { matchesEndpoint } from '../access/known-controllers.ts';
import { ensureController } from '../agent/local-agent/controller/controllers.ts';
import { acceptFirstUse } from '../agent/template/first-use.ts';
import type { Principal } from '../access/access.ts';
import { createDoors, type Doors, type TenantTrust } from '../access/doors.ts';
import type { Timer } from '../operate/clock.ts';
import type { AdmissionContext } from '../mtp/admission.ts';
import type { Store } from '../store/store.ts';
import type { Parts } from './rooms.ts';
import { agentSettings } from './settings.ts';
import { tenancySettings } from './tenants.ts';

type DoorParts = Pick<Parts, 'config' | 'store' | 'clock' | 'log' | 'metrics' | 'tls'>;

export interface KeptDoors extends Omit<Doors, 'changed'> {
  /** Resolves when TLS knows it, too. */
  changed(): Promise<void>;
  start(): void;
  stop(): void;
}

/** How often it is looked, where TLS itself must know it: another node may have changed the rows. */
const LOOK_MS = 5000;

/** Undefined: nobody is asked for a certificate. */
export function makeDoors({ config, store, clock, log, metrics, tls }: DoorParts): KeptDoors | undefined {
  const asks = config['http.tls.clientCert'];
  if (tls === undefined || asks === 'none') return undefined;
  const doors = createDoors({
    ...tenancySettings(config),
    now: () => clock.now(),
    isNamed: (endpointId) =>
      config.controllers.some((known) => known.endpointId !== '*' && matchesEndpoint(known.endpointId, endpointId)),
    read: reader(store),
    count: (outcome) => metrics.count('certificate_judged', outcome),
  });
  let timer: Timer | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    try {
      tls.admitUnknown((await doors.look()) ? (certificate) => doors.mayPass(certificate) : undefined);
    } catch (error) {
      metrics.count('failure', 'doors');
      log.warn({ err: error }, 'the certificates of templates could not be read; it is tried again');
    }
  };
  const keepLooking = async (): Promise<void> => {
    await look();
    if (!isStopped) timer = clock.after(LOOK_MS, () => void keepLooking());
  };
  return {
    ...doors,
    async changed() {
      doors.changed();
      if (asks === 'require') await look();
    },
    start() {
      if (asks === 'require') void keepLooking();
    },
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };
}

/** Sees to it that a Controller that was let in has a row in its tenant's template. */
export const controllerRows =
  ({ config, version, store, clock }: Pick<Parts, 'config' | 'version' | 'store' | 'clock'>) =>
  async ({ tenant, endpointId, standing, roles, firstUse }: Principal): ReturnType<AdmissionContext['known']> => {
    if (firstUse !== undefined) {
      const context = { store, clock, settings: agentSettings(config, version) };
      const accepted = await acceptFirstUse(context, tenant, endpointId, firstUse);
      if (accepted !== 'accepted') return accepted;
    }
    return ensureController(store, tenant, endpointId, standing, roles);
  };

/** A template hardly ever changes: what it comes to is worked out once. */
function reader({ tenants }: Pick<Store, 'tenants'>): (tenant: string) => Promise<TenantTrust> {
  const known = new Map<string, { readonly rows: string; readonly trust: TenantTrust }>();
  return async (tenant) => {
    const { rows } = await tenants.readTemplate(tenant);
    const before = known.get(tenant);
    if (before?.rows === rows) return before.trust;
    const trust = trustOf(templateRows(rows));
    known.set(tenant, { rows, trust });
    return trust;
  };
}
