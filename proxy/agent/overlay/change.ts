// What messages do to the overlay, in the model at hand: it is stored with the rest of the message's outcome, or not at all.
import { lastNameOf, parentOf } from '../../path/concrete.ts';
import { isLocal } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import type { Setting } from '../settings.ts';
import { withoutRow, withValues } from './values.ts';

/** A view may need to write nothing for what is so anyway: that is not the overlay's. */
const isOurs = (model: AgentModel, { path, cpe, problem }: Setting): boolean =>
  problem === undefined && cpe.length === 0 && !isLocal(path) && model.isOverlaid(path);

/** Keeps those of the settings that are the overlay's and have no problem. */
export function keepOverlaid(model: AgentModel, settings: readonly Setting[]): void {
  for (const { path, value } of settings.filter((setting) => isOurs(model, setting))) {
    model.local.restore(withValues(model.local.own, parentOf(path), { [lastNameOf(path)]: value }));
  }
}

/** A row has gone, or a new one has come under its number: it does not inherit the name. */
export function forgetRow(model: AgentModel, row: string): void {
  model.local.restore(withoutRow(model.local.own, row));
}
