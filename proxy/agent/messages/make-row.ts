// A planned row becomes one: of LocalAgent, of a table of the CPE (AddObject), or of what the CPE has always had and nobody
// uses. Whoever makes it fills it, and takes it back where that fails.
import type { CpeSetting } from '../../mapping/view.ts';
import { rowOf } from '../../path/concrete.ts';
import { codes } from '../../usp/codes.ts';
import type { AgentModel } from '../model.ts';
import { forgetRow } from '../overlay/change.ts';
import type { Problem } from '../problem.ts';
import { addCpeRow, deleteCpeRow, removeRow } from '../rows.ts';
import type { Setting } from '../settings.ts';
import type { Group } from '../write.ts';
import type { Creation, Way } from './creation.ts';

/** Who adds: the Controller's row in this very Agent. */
export interface Adder {
  readonly controllerPath: string;
}

/** What an optional parameter spoils is tried without it (R-ADD.4). */
export function makeLocalRow(model: AgentModel, creation: Creation, { controllerPath }: Adder): void {
  for (;;) {
    const active = creation.settings.filter(({ problem }) => problem === undefined);
    const request = { controllerPath, now: model.local.now };
    const values = Object.fromEntries(active.map(({ param, value }) => [param, value]));
    const added = model.local.add(creation.table, values, request);
    if ('path' in added) {
      creation.row = added.path;
      return;
    }
    const { code, why, parameter } = added;
    const blamed = active.find(({ param }) => param === parameter);
    if (blamed !== undefined) blamed.problem = { code, why };
    if (blamed === undefined || blamed.required) {
      creation.problem = { code, why };
      return;
    }
  }
}

/** Makes the CPE's row, so that its settings can be written. A row that is claimed is made by writing them. */
export async function makeRow(model: AgentModel, creation: Creation, way: Way): Promise<void> {
  if (way.kind === 'claim') {
    creation.claim = claimOf(way.row, way.settings, creation.settings);
    place(model, creation, way.row);
    return;
  }
  const added = await addCpeRow(model, way.object);
  if ('problem' in added) {
    creation.problem = added.problem;
    return;
  }
  creation.cpeRow = added.cpeRow;
  const plannedAs = rowOf(way.object, 0);
  creation.settings = creation.settings.map((setting) => ({
    ...setting,
    cpe: setting.cpe.map((item) =>
      item.Name.startsWith(plannedAs) ? { ...item, Name: added.cpeRow + item.Name.slice(plannedAs.length) } : item,
    ),
  }));
  placeMade(model, creation);
}

/** A required one of its own; what the message gives a parameter counts for more. */
function claimOf(row: string, claim: readonly CpeSetting[], settings: readonly Setting[]): Setting | undefined {
  const given = new Set(
    settings.flatMap(({ cpe, problem }) => (problem === undefined ? cpe : [])).map(({ Name }) => Name),
  );
  const cpe = claim.filter(({ Name }) => !given.has(Name));
  if (cpe.length === 0) return undefined;
  return {
    object: row,
    param: '',
    path: row,
    required: true,
    value: '',
    shown: '',
    readable: false,
    cpe,
    problem: undefined,
  };
}

/** All that is to be written of a row. */
export const groupOf = ({ settings, claim }: Creation): Group =>
  claim === undefined ? settings : [claim, ...settings];

/** A view may know a row only by its values: then it has its place once they are written. */
export function afterFilling(model: AgentModel, creation: Creation): void {
  creation.problem ??= creation.claim?.problem;
  if (creation.problem !== undefined) return;
  placeMade(model, creation);
  if (creation.row !== undefined && model.has(creation.row)) return;
  creation.problem = { code: codes.objectNotCreated, why: 'the device made a row that is none of this table' };
}

function placeMade(model: AgentModel, creation: Creation): void {
  if (creation.cpeRow === undefined || creation.row !== undefined) return;
  const row = model.cpe?.view.rowOf(creation.table, creation.cpeRow);
  if (row !== undefined) place(model, creation, row);
}

/** The settings move from the row that was planned to the one that is. */
function place(model: AgentModel, creation: Creation, row: string): void {
  creation.row = row;
  forgetRow(model, row);
  creation.settings = creation.settings.map((setting) => {
    const path = row + setting.param;
    // Other rows of the table may have an Alias where this one has none.
    return { ...setting, object: row, path, cpe: model.isOverlaid(path) ? [] : setting.cpe };
  });
}

/** Takes back what was made of it at the CPE; undefined when nothing is left. */
export async function unmake(model: AgentModel, creation: Creation): Promise<Problem | undefined> {
  const { cpeRow, row, claim, way } = creation;
  if (cpeRow !== undefined) return deleteCpeRow(model, cpeRow);
  // What was not written was not claimed.
  if (way?.kind !== 'claim' || row === undefined || claim?.problem !== undefined || !model.has(row)) return undefined;
  return removeRow(model, row);
}
