// The standard's model of Device:2 as the rest of `mapping` uses it: what TR-181 says of each path, and what it has
// otherwise for CWMP. The files are read once in a process, and what is made of them is shared and never changed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CausewayError } from '../errors.ts';
import { type Parsed } from './standard/model.ts';
import { parseDifference, type CwmpDifference } from './standard/parse-difference.ts';
import { type DiagnosticDefaults, parseDiagnosticDefaults } from './standard/parse-diagnostic-defaults.ts';
import { parseModel, type AllVersions } from './standard/parse-model.ts';
import { modelAt, type StandardModel } from './standard/version-view.ts';

export { checkValue, type ValueCheck } from './standard/check-value.ts';
export type * from './standard/model.ts';
export { type CwmpDifference, type DiagnosticsObject, type TriggerSetting } from './standard/parse-difference.ts';
export { type DiagnosticDefaults } from './standard/parse-diagnostic-defaults.ts';
export { type StandardModel } from './standard/version-view.ts';

function read<T>(name: string, parse: (text: string) => Parsed<T>): T {
  const path = fileURLToPath(import.meta.resolve(`#mappings/tr181/${name}`));
  const parsed = parse(readFileSync(path, 'utf8'));
  if (parsed.ok) return parsed.value;
  throw new CausewayError('CAUSEWAY_MAPPING_INVALID', `${path}:${parsed.line}: ${parsed.reason}`);
}

let allVersions: AllVersions | undefined;
let difference: CwmpDifference | undefined;
let defaults: DiagnosticDefaults | undefined;
const views = new Map<number, StandardModel>();

/**
 * Device:2.`minor`, or the nearest version that the file has. The first call reads the file (about 30 ms); throws
 * CAUSEWAY_MAPPING_INVALID, with file and line, when it does not follow its format.
 */
export function loadStandardModel(minor: number): StandardModel {
  allVersions ??= read('model.txt', parseModel);
  const view = views.get(minor) ?? modelAt(allVersions, minor);
  const shared = views.get(view.minor) ?? view;
  views.set(view.minor, shared);
  return shared;
}

/** What TR-181 has otherwise for a CPE that speaks CWMP. Throws as loadStandardModel does. */
export function loadCwmpDifference(): CwmpDifference {
  difference ??= read('cwmp-difference.txt', parseDifference);
  return difference;
}

/** What TR-181 says of the arguments of tests in its prose. Throws as loadStandardModel does. */
export function loadDiagnosticDefaults(): DiagnosticDefaults {
  defaults ??= read('diagnostic-defaults.txt', parseDiagnosticDefaults);
  return defaults;
}
