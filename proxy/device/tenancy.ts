// Which tenant's a device is. An Inform names a device and no tenant; whose the device is was decided when it was enrolled
// or first seen, and never changes: so what was found out once is remembered, and the store's own step checks a guess.
import { Recent } from '../operate/recent.ts';
import type { DeviceSteps } from '../store/device-steps.ts';
import { FIRST_TENANT } from '../store/store.ts';

export interface TenancySettings {
  /** One at least. */
  readonly tenants: readonly string[];
  /** Of a device of which neither an enrolment nor its listener says whose it is. */
  readonly fallback: string;
}

/** Devices remembered for which it had to be looked up. */
const DEVICES_KEPT = 100_000;

export class Tenancy {
  readonly #settings: TenancySettings;
  readonly #steps: Pick<DeviceSteps, 'tenantOf'>;
  readonly #known = new Recent<string>(DEVICES_KEPT);
  readonly fallback: string;
  /** False: all devices are one tenant's, and nothing is looked up or written down. */
  readonly several: boolean;

  constructor(settings: TenancySettings, steps: Pick<DeviceSteps, 'tenantOf'>) {
    this.#settings = settings;
    this.#steps = steps;
    this.fallback = settings.fallback;
    this.several = settings.tenants.length > 1 || settings.tenants[0] !== FIRST_TENANT;
  }

  has(tenant: string): boolean {
    return this.#settings.tenants.includes(tenant);
  }

  /** Costs nothing, and is right of a device that is known: unless it is another tenant's and this node forgot. */
  guess(device: string, listener: string | undefined): string {
    return listener ?? (this.several ? this.#known.get(device) : undefined) ?? this.fallback;
  }

  /** Where a guess is not enough: one look into the store, for devices that are not remembered. */
  async of(device: string, listener: string | undefined): Promise<string> {
    if (!this.several) return this.fallback;
    const known = this.#known.get(device) ?? (await this.#steps.tenantOf(device));
    if (known !== undefined) this.learn(device, known);
    return known ?? listener ?? this.fallback;
  }

  learn(device: string, tenant: string): void {
    this.#known.set(device, tenant);
  }
}
