// TenantSteps over documents.
import type { TemplateRecord, TenantSteps } from '../tenant-steps.ts';
import { type Documents, write, writeText } from './documents.ts';

interface TemplateDocument extends TemplateRecord {
  readonly v: 1;
}

const templateKey = (tenant: string): string => `template/${tenant}`;

export class DocumentTenants implements TenantSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async readTemplate(tenant: string): Promise<TemplateRecord> {
    return this.#read(tenant);
  }

  async changeTemplate(tenant: string, version: number, rows: string): Promise<'changed' | 'conflict'> {
    if (this.#read(tenant).version !== version) return 'conflict';
    const document: TemplateDocument = { v: 1, version: version + 1, rows };
    await this.#documents.commit([write(templateKey(tenant), document)]);
    return 'changed';
  }

  async secret(name: string, candidate: Uint8Array): Promise<Uint8Array> {
    const known = this.#documents.text(`secret/${name}`);
    if (known !== undefined) return Buffer.from(known, 'base64');
    await this.#documents.commit([writeText(`secret/${name}`, Buffer.from(candidate).toString('base64'))]);
    return candidate;
  }

  #read(tenant: string): TemplateRecord {
    const { version, rows } = this.#documents.read<TemplateDocument>(templateKey(tenant)) ?? { version: 0, rows: '' };
    return { version, rows };
  }
}
