// TenantSteps, CatalogueSteps and GrantSteps on Redis: the steps over documents, each document a key of its own.
import type { CatalogueSteps } from '../catalogue-steps.ts';
import { DocumentCatalogues } from '../documents/catalogues.ts';
import { DocumentGrants } from '../documents/grants.ts';
import { DocumentTenants, ParsedTemplates } from '../documents/tenants.ts';
import type { GrantSteps } from '../grant-steps.ts';
import type { TenantSteps } from '../tenant-steps.ts';
import type { DocumentRunner } from './document-runner.ts';

export function tenantSteps(runner: DocumentRunner): TenantSteps {
  const parsed = new ParsedTemplates();
  const on = <T>(step: (tenants: DocumentTenants) => Promise<T>): Promise<T> =>
    runner.run((documents) => step(new DocumentTenants(documents, parsed)));
  return {
    readTemplate: (tenant) => on((tenants) => tenants.readTemplate(tenant)),
    changeTemplate: (tenant, version, rows) => on((tenants) => tenants.changeTemplate(tenant, version, rows)),
    secret: (name, candidate) => on((tenants) => tenants.secret(name, candidate)),
  };
}

export function catalogueSteps(runner: DocumentRunner, now: () => number): CatalogueSteps {
  const on = <T>(step: (catalogues: DocumentCatalogues) => Promise<T>): Promise<T> =>
    runner.run((documents) => step(new DocumentCatalogues(documents, now)));
  return {
    saveCatalogue: (hash, catalogue) => on((catalogues) => catalogues.saveCatalogue(hash, catalogue)),
    readCatalogue: (hash) => on((catalogues) => catalogues.readCatalogue(hash)),
    currentCatalogue: (model) => on((catalogues) => catalogues.currentCatalogue(model)),
    setCurrentCatalogue: (model, expected, hash) =>
      on((catalogues) => catalogues.setCurrentCatalogue(model, expected, hash)),
    countHolds: (model, day, holds, hangUps) => on((catalogues) => catalogues.countHolds(model, day, holds, hangUps)),
    modelHold: (model) => on((catalogues) => catalogues.modelHold(model)),
    saveModelHold: (model, holdMs) => on((catalogues) => catalogues.saveModelHold(model, holdMs)),
    modelLessons: (model) => on((catalogues) => catalogues.modelLessons(model)),
    learn: (model, lesson) => on((catalogues) => catalogues.learn(model, lesson)),
  };
}

export function grantSteps(runner: DocumentRunner): GrantSteps {
  const on = <T>(step: (grants: DocumentGrants) => Promise<T>): Promise<T> =>
    runner.run((documents) => step(new DocumentGrants(documents)));
  return {
    saveGrant: (id, grant) => on((grants) => grants.saveGrant(id, grant)),
    readGrant: (id) => on((grants) => grants.readGrant(id)),
    recordCarried: (id, carried) => on((grants) => grants.recordCarried(id, carried)),
    useGrant: (id) => on((grants) => grants.useGrant(id)),
  };
}
