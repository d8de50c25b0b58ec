// EnrolmentSteps on Redis: a field of the device, and an index of those that have it.
import { DocumentEnrolments, readEnrolment } from '../documents/enrolments.ts';
import type { Enrolment, EnrolmentSteps } from '../enrolment-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { DeviceRunner } from './device-runner.ts';
import type { Indexes } from './indexes.ts';

export class RedisEnrolments implements EnrolmentSteps {
  readonly #runner: DeviceRunner;
  readonly #indexes: Indexes;

  constructor(runner: DeviceRunner, indexes: Indexes) {
    this.#runner = runner;
    this.#indexes = indexes;
  }

  enrol(key: DeviceKey, at: number): Promise<'enrolled' | 'known'> {
    return this.#runner.run(key, (documents) => new DocumentEnrolments(documents).enrol(key, at));
  }

  async revoke(key: DeviceKey): Promise<'revoked' | 'unknown'> {
    const revoked = await this.#runner.run(key, (documents) => new DocumentEnrolments(documents).revoke(key));
    await this.#indexes.removeEnrolled(key);
    // Enrolled again meanwhile: the name has to be there, wrong or not.
    const again = await this.#runner.look(key, (documents) => readEnrolment(documents, key));
    if (again !== undefined) await this.#indexes.addEnrolled(key);
    return revoked;
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
