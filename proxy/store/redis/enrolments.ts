// EnrolmentSteps on Redis: a field of the device, and an index of those that have it.
import { DocumentEnrolments, readEnrolment } from '../documents/enrolments.ts';
import { elsewhere, isSeen } from '../documents/homes.ts';
import type { Enrolment, EnrolmentSteps } from '../enrolment-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { DeviceRunner } from './device-runner.ts';
import type { RedisHomes } from './homes.ts';
import type { Indexes } from './indexes.ts';

export class RedisEnrolments implements EnrolmentSteps {
  readonly #runner: DeviceRunner;
  readonly #indexes: Indexes;
  readonly #homes: RedisHomes;

  constructor(runner: DeviceRunner, indexes: Indexes, homes: RedisHomes) {
    this.#runner = runner;
    this.#indexes = indexes;
    this.#homes = homes;
  }

  async enrol(key: DeviceKey, at: number, claimsTenant = false): Promise<'enrolled' | 'known' | 'elsewhere'> {
    if (claimsTenant) {
      const home = (await this.#homes.of(key.device)) ?? (await this.#homes.claim(key));
      if (elsewhere(key, home) !== undefined) return 'elsewhere';
    }
    return this.#runner.run(key, (documents) => new DocumentEnrolments(documents).enrolHere(key, at));
  }

  async revoke(key: DeviceKey): Promise<'revoked' | 'unknown'> {
    const revoked = await this.#runner.run(key, (documents) => new DocumentEnrolments(documents).revoke(key));
    await this.#indexes.removeEnrolled(key);
    // Enrolled again meanwhile: the name has to be there, wrong or not.
    const again = await this.#runner.look(key, (documents) => readEnrolment(documents, key));
    if (again !== undefined) await this.#indexes.addEnrolled(key);
    else if (revoked === 'revoked') await this.#freeUnseen(key);
    return revoked;
  }

  /** One that never came is free for another tenant. */
  async #freeUnseen(key: DeviceKey): Promise<void> {
    const isHere = (): Promise<boolean> =>
      this.#runner.look(key, (documents) => isSeen(documents, key) || readEnrolment(documents, key) !== undefined);
    if (await isHere()) return;
    await this.#homes.free(key);
    // It came, or was enrolled again, meanwhile.
    if (await isHere()) await this.#homes.claim(key);
  }

  async listEnrolled(tenant: string, after: string, limit: number): Promise<readonly Enrolment[]> {
    const listed: Enrolment[] = [];
    let last = after;
    while (listed.length < limit) {
      const wanted = limit - listed.length;
      const names = await this.#indexes.listEnrolled(tenant, last, wanted);
      const found = await Promise.all(
        names.map(async (device) => {
          const key = { tenant, device };
          const enrolment = await this.#runner.look(key, (documents) => readEnrolment(documents, key));
          return enrolment === undefined ? [] : [{ device, at: enrolment.at }];
        }),
      );
      listed.push(...found.flat());
      if (names.length < wanted) break;
      last = names.at(-1) ?? last;
    }
    return listed;
  }
}
