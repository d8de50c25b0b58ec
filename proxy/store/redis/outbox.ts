// OutboxSteps on Redis: the steps over documents, run on one device each. The index of what is owed names too much; here
// it is seen through, and swept.
import { DocumentOutbox, owes } from '../documents/outbox.ts';
import type { Derived, DerivedStep, NotifyRow, OutboxSteps } from '../outbox-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { DeviceRunner } from './device-runner.ts';
import type { Indexes } from './indexes.ts';

/** Devices looked at together while a list is made. */
const LOOKED_AT = 100;

export class RedisOutbox implements OutboxSteps {
  readonly #runner: DeviceRunner;
  readonly #indexes: Indexes;

  constructor(runner: DeviceRunner, indexes: Indexes) {
    this.#runner = runner;
    this.#indexes = indexes;
  }

  deriveNotifies(key: DeviceKey, sequence: number, derived: Derived, cap: number): Promise<DerivedStep> {
    return this.#on(key, (outbox) => outbox.deriveNotifies(key, sequence, derived, cap));
  }

  listNotifies(key: DeviceKey, controller: string | undefined): Promise<readonly NotifyRow[]> {
    return this.#on(key, (outbox) => outbox.listNotifies(key, controller));
  }

  async listOutbox(tenant: string, controller: string, after: string, limit: number): Promise<readonly DeviceKey[]> {
    const owing: DeviceKey[] = [];
    const settled: string[] = [];
    let last = after;
    while (owing.length < limit) {
      const names = await this.#indexes.listOwing(tenant, controller, last, LOOKED_AT);
      const keys = names.map((device) => ({ tenant, device }));
      const still = await Promise.all(keys.map((key) => this.#runner.look(key, (docs) => owes(docs, key, controller))));
      for (const [index, key] of keys.entries()) {
        if (still[index] === true) owing.push(key);
        else settled.push(key.device);
      }
      if (names.length < LOOKED_AT) break;
      last = names.at(-1) ?? last;
    }
    await this.#indexes.sweepOwing(tenant, controller, settled);
    return owing.slice(0, limit);
  }

  async listOutboxControllers(tenant: string): Promise<readonly string[]> {
    const controllers = await this.#indexes.listControllers(tenant);
    const still = await Promise.all(controllers.map((controller) => this.listOutbox(tenant, controller, '', 1)));
    const owed = (_: string, index: number): boolean => (still[index]?.length ?? 0) > 0;
    await this.#indexes.sweepControllers(
      tenant,
      controllers.filter((controller, index) => !owed(controller, index)),
    );
    return controllers.filter(owed);
  }

  notifyWritten(key: DeviceKey, id: string, nextAt: number, expiresAt?: number): Promise<void> {
    return this.#on(key, (outbox) => outbox.notifyWritten(key, id, nextAt, expiresAt));
  }

  notifyAnswered(key: DeviceKey, controller: string, msgId: string): Promise<boolean> {
    return this.#on(key, (outbox) => outbox.notifyAnswered(key, controller, msgId));
  }

  expireNotifies(key: DeviceKey, now: number): Promise<number> {
    return this.#on(key, (outbox) => outbox.expireNotifies(key, now));
  }

  #on<T>(key: DeviceKey, step: (outbox: DocumentOutbox) => Promise<T>): Promise<T> {
    return this.#runner.run(key, (documents) => step(new DocumentOutbox(documents)));
  }
}
