// Settings of LocalAgent and of the overlay within a Set: made in memory, group by group, and stored only when the whole
// message has its answer.
import { lastNameOf, parentOf } from '../path/concrete.ts';
import type { RowValues } from './local-agent/rows.ts';
import { isLocal } from './local-agent/root.ts';
import type { AgentModel } from './model.ts';
import { keepOverlaid } from './overlay/change.ts';
import type { Setting } from './settings.ts';
import { dropFailed, type Group } from './write.ts';

/** Makes what the groups set of what the Agent itself has; a group that fails leaves nothing behind. */
export function changeLocal(model: AgentModel, groups: readonly Group[]): void {
  for (const group of groups) {
    const before = model.local.own;
    if (!dropFailed(group)) for (const [object, settings] of byObject(group)) changeObject(model, object, settings);
    keepOverlaid(model, group);
    if (dropFailed(group)) model.local.restore(before);
  }
}

function byObject(group: Group): ReadonlyMap<string, readonly Setting[]> {
  const objects = new Map<string, Setting[]>();
  for (const setting of group) {
    if (!isLocal(setting.path) || setting.problem !== undefined) continue;
    const object = parentOf(setting.path);
    objects.set(object, [...(objects.get(object) ?? []), setting]);
  }
  return objects;
}

/** What is wrong with the row as a whole is blamed on one parameter, and the others are tried without it. */
function changeObject(model: AgentModel, object: string, settings: readonly Setting[]): void {
  for (;;) {
    const active = settings.filter(({ problem }) => problem === undefined);
    if (active.length === 0) return;
    const problem = model.local.change(object, valuesOf(active));
    if (problem === undefined) return;
    const { code, why, parameter } = problem;
    const blamed = active.filter(({ path }) => lastNameOf(path) === parameter);
    for (const setting of blamed.length > 0 ? blamed : active) setting.problem = { code, why };
  }
}

const valuesOf = (settings: readonly Setting[]): RowValues =>
  Object.fromEntries(settings.map(({ path, value }) => [lastNameOf(path), value]));
