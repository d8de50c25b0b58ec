// Steps on what all devices of a tenant start from, and on secrets that all nodes share.
export interface TemplateRecord {
  readonly version: number;
  /** LocalAgent rows 1–9,999 of every Agent; the agent's own JSON. '' before the first change. */
  readonly rows: string;
}

export interface TenantSteps {
  readTemplate(tenant: string): Promise<TemplateRecord>;
  changeTemplate(tenant: string, version: number, rows: string): Promise<'changed' | 'conflict'>;
  /** The secret of that name; the candidate becomes it if there is none yet. */
  secret(name: string, candidate: Uint8Array): Promise<Uint8Array>;
}
