// The standard's model of InternetGatewayDevice:1 (TR-098, and TR-104's voice service below its Services): what a CPE with
// that root may be told. Read once in a process, shared and never changed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CausewayError } from '../errors.ts';
import { parseModel } from './standard/parse-model.ts';
import { modelAt, type StandardModel } from './standard/version-view.ts';

let model: StandardModel | undefined;

/**
 * The newest version with all that it has deprecated. Paths are generalised and have their root:
 * `InternetGatewayDevice.LANDevice.{i}.`. The first call reads the file (about 5 ms); throws CAUSEWAY_MAPPING_INVALID, with
 * file and line, when it does not follow its format.
 */
export function loadTr098Model(): StandardModel {
  if (model !== undefined) return model;
  const path = fileURLToPath(import.meta.resolve('#mappings/tr098/model.txt'));
  const parsed = parseModel(readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new CausewayError('CAUSEWAY_MAPPING_INVALID', `${path}:${parsed.line}: ${parsed.reason}`);
  model = modelAt(parsed.value, parsed.value.newest);
  return model;
}
