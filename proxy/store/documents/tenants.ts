// TenantSteps over documents.
import type { TemplateRecord, TenantSteps } from '../tenant-steps.ts';
import { type Documents, parseDocument, type Stored, write, writeText } from './documents.ts';

interface TemplateDocument extends TemplateRecord {
  readonly v: 1;
}

const templateKey = (tenant: string): string => `template/${tenant}`;

const isSame = (one: Stored, other: Stored): boolean =>
  typeof one === 'string' || typeof other === 'string' ? one === other : one.equals(other);

/** Templates as they were parsed last: each is read with every Inform of its tenant, and hardly ever changes. */
export class ParsedTemplates {
  readonly #parsed = new Map<string, { readonly stored: Stored; readonly template: TemplateRecord }>();

  of(tenant: string, stored: Stored): TemplateRecord {
    const known = this.#parsed.get(tenant);
    if (known !== undefined && isSame(known.stored, stored)) return known.template;
    const { version, rows } = parseDocument<TemplateDocument>(templateKey(tenant), stored);
    const template = { version, rows };
    this.#parsed.set(tenant, { stored, template });
    return template;
  }
}

const NO_TEMPLATE: TemplateRecord = { version: 0, rows: '' };

export class DocumentTenants implements TenantSteps {
  readonly #documents: Documents;
  readonly #parsed: ParsedTemplates;

  constructor(documents: Documents, parsed: ParsedTemplates) {
    this.#documents = documents;
    this.#parsed = parsed;
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
    const stored = this.#documents.bytes(templateKey(tenant));
    return stored === undefined ? NO_TEMPLATE : this.#parsed.of(tenant, stored);
  }
}
