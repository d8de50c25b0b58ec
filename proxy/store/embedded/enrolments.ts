// EnrolmentSteps on the embedded store; the list is found by walking the keys.
import { DocumentEnrolments, readEnrolment } from '../documents/enrolments.ts';
import type { Enrolment, EnrolmentSteps } from '../enrolment-steps.ts';
import type { LogDocuments } from './log-documents.ts';

export class EmbeddedEnrolments extends DocumentEnrolments implements EnrolmentSteps {
  readonly #documents: LogDocuments;

  constructor(documents: LogDocuments) {
    super(documents);
    this.#documents = documents;
  }

  async listEnrolled(tenant: string, after: string, limit: number): Promise<readonly Enrolment[]> {
    const prefix = `enrolled/${tenant}/`;
    return this.#documents.keys(prefix, after === '' ? undefined : prefix + after, limit).flatMap((path) => {
      const device = path.slice(prefix.length);
      const found = readEnrolment(this.#documents, { tenant, device });
      return found === undefined ? [] : [{ device, at: found.at }];
    });
  }
}
