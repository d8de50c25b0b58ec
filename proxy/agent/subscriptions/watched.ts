// Parameters of the CPE that a ValueChange Subscription's references mean now.
import { parsePath } from '../../path/parse.ts';
import { isLocal } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import { resolveObjects } from '../resolver.ts';

/** Parameters one device may be asked to watch. */
const MOST_WATCHED = 2000;

/** Full paths. A reference that means nothing now is no error: rows may come (facts: §7, search paths). */
export async function watchedParameters(model: AgentModel, references: readonly string[]): Promise<readonly string[]> {
  const watched = new Set<string>();
  for (const reference of references) {
    for (const path of await parametersOf(model, reference)) {
      const parameter = model.parameter(path);
      // What the standard lets a CPE not report (value_change WILL_IGNORE) may be subscribed and never fires; nor does
      // what is always shown as nothing.
      if (isLocal(path) || model.isOverlaid(path) || parameter === undefined || parameter.secured) continue;
      if (parameter.valueChange === 'WILL_IGNORE') continue;
      if (watched.size < MOST_WATCHED) watched.add(path);
    }
  }
  return [...watched];
}

async function parametersOf(model: AgentModel, reference: string): Promise<readonly string[]> {
  const parsed = parsePath(reference);
  if (!parsed.ok) return [];
  const { segments, leaf } = parsed.path;
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return [];
  const { objects } = resolved;
  if (leaf.kind === 'object') return objects.flatMap((object) => below(model, object));
  if (leaf.kind !== 'parameter-or-object') return [];
  return objects.flatMap((object) =>
    model.object(`${object}${leaf.name}.`) === undefined
      ? [object + leaf.name].filter((path) => model.presence(path) !== 'absent')
      : below(model, `${object}${leaf.name}.`),
  );
}

function below(model: AgentModel, object: string): readonly string[] {
  if (model.isTable(object)) return model.rows(object).flatMap((row) => below(model, `${object}${row}.`));
  return [
    ...model.parameters(object).map((name) => object + name),
    ...[...model.below(object)].flatMap((child) => below(model, child)),
  ];
}
