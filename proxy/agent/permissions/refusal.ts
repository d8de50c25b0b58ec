// What rights alone refuse, before any row is looked up and before a CPE is called. Rows that are not known yet stand as
// `{i}`: what some row might allow is not refused here but row by row, when it runs.
import type { SupportedModel } from '../../mapping/supported.ts';
import { keyNames } from '../../mapping/supported.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject, formatPath, type Path, type Segment } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { ParamSetting } from '../../usp/messages/add.ts';
import type { ParamError } from '../../usp/messages/error.ts';
import type { UspBody } from '../../usp/msg.ts';
import { messageFailed, paramError } from '../failure.ts';
import { kindOf } from '../supported-check.ts';
import { denied, NOT_SERVED } from './denied.ts';
import type { Rights } from './rights.ts';

/** The answer to a request of which nothing can be done; undefined where something may be. */
export function refusal(supported: SupportedModel, rights: Rights, body: UspBody): UspBody | undefined {
  if (rights.refused) return NOT_SERVED;
  switch (body.kind) {
    case 'set':
    case 'add':
    case 'delete':
      return body.allow_partial ? undefined : refusedWhole(errorsOf(supported, rights, body));
    case 'operate':
      return refusedCommand(supported, rights, body.command);
    case 'get':
      return body.param_paths.length > 0 && body.param_paths.every((path) => isHidden(supported, rights, path))
        ? {
            kind: 'get_resp',
            req_path_results: body.param_paths.map((requested_path) => ({
              requested_path,
              err_code: codes.invalidPath,
              err_msg: 'not in the model',
              resolved_path_results: [],
            })),
          }
        : undefined;
    default:
      return undefined;
  }
}

const refusedWhole = (errors: readonly ParamError[]): UspBody | undefined =>
  errors.length > 0 ? messageFailed(errors) : undefined;

interface Element {
  /** With `{i}` for rows that a wildcard or a search stands for. */
  readonly path: string;
  /** Generalised. */
  readonly kind: string;
  readonly parsed: Path;
}

/** Undefined for what the grammar or the model refuses anyway, and behind a reference. */
function elementOf(supported: SupportedModel, parsed: Path): Element | undefined {
  const kind = kindOf(supported, parsed.segments);
  if (!kind.ok || kind.object === undefined) return undefined;
  return { path: openPath(parsed.segments), kind: kind.object, parsed };
}

function openPath(segments: readonly Segment[]): string {
  const part = (segment: Segment): string => {
    if (segment.kind === 'name') return segment.name;
    return segment.kind === 'instance' ? String(segment.number) : '{i}';
  };
  return `${segments.map(part).join('.')}.`;
}

function objectNamed(supported: SupportedModel, text: string): Element | undefined {
  const parsed = parsePath(text);
  return parsed.ok ? elementOf(supported, asObject(parsed.path)) : undefined;
}

function errorsOf(
  supported: SupportedModel,
  rights: Rights,
  body: Extract<UspBody, { readonly kind: 'set' | 'add' | 'delete' }>,
): readonly ParamError[] {
  switch (body.kind) {
    case 'set':
      return body.update_objs.flatMap(({ obj_path, param_settings }) => {
        const element = objectNamed(supported, obj_path);
        if (element === undefined) return [];
        return deniedSettings(supported, rights, element, param_settings).map(({ param }) =>
          paramError(formatPath(element.parsed) + param, denied(`write ${param}`)),
        );
      });
    case 'add':
      return body.create_objs.flatMap(({ obj_path, param_settings }) => {
        const table = objectNamed(supported, obj_path);
        const object = table === undefined ? undefined : supported.objects.get(`${table.kind}{i}.`);
        if (table === undefined || object === undefined) return [];
        if (!rights.object(table.path).w) return [paramError(formatPath(table.parsed), denied('create rows'))];
        // A row that is not there yet has no number; a unique key counts as required (R-ADD.7).
        const row = { ...table, path: `${table.path}0.`, kind: object.path };
        const keys = keyNames(object);
        const settings = param_settings.map((one) => ({ ...one, required: one.required || keys.includes(one.param) }));
        return deniedSettings(supported, rights, row, settings).map(({ param }) =>
          paramError(formatPath(table.parsed), denied(`write ${param}`)),
        );
      });
    case 'delete':
      return body.obj_paths.flatMap((text) => {
        const row = objectNamed(supported, text);
        if (row?.kind.endsWith('.{i}.') !== true || rights.instance(row.path).w) return [];
        return [paramError(formatPath(row.parsed), denied('delete the row'))];
      });
  }
}

/** Required settings of parameters that are known, and that may not be written. */
const deniedSettings = (
  supported: SupportedModel,
  rights: Rights,
  { path, kind }: Element,
  settings: readonly ParamSetting[],
): readonly ParamSetting[] =>
  settings.filter(
    ({ param, required }) =>
      required &&
      !param.includes('.') &&
      supported.objects.get(kind)?.parameters.has(param) === true &&
      !rights.param(path + param).w,
  );

function refusedCommand(supported: SupportedModel, rights: Rights, command: string): UspBody | undefined {
  const parsed = parsePath(command);
  const element = parsed.ok ? elementOf(supported, parsed.path) : undefined;
  const leaf = element?.parsed.leaf;
  if (element === undefined || leaf?.kind !== 'command') return undefined;
  const name = `${leaf.name}()`;
  const known = supported.objects.get(element.kind)?.commands.has(name) === true;
  if (!known || rights.command(element.path + name).x) return undefined;
  const { code, why } = denied('run the command');
  return {
    kind: 'operate_resp',
    operation_results: [
      { executed_command: command, operation_resp: { kind: 'cmd_failure', err_code: code, err_msg: why } },
    ],
  };
}

/** Whether a path of a Get leads to nothing that may be read: it is answered as if the model did not have it (R-GET.1). */
export function isHidden(supported: SupportedModel, rights: Rights, text: string): boolean {
  const parsed = parsePath(text);
  if (!parsed.ok) return false;
  const { leaf } = parsed.path;
  const isParameter = (owner: Element): boolean =>
    leaf.kind === 'parameter-or-object' && supported.objects.get(owner.kind)?.parameters.has(leaf.name) === true;
  const owner = elementOf(supported, parsed.path);
  if (owner !== undefined && isParameter(owner) && leaf.kind === 'parameter-or-object') {
    return !(rights.object(owner.path).r && rights.param(owner.path + leaf.name).r);
  }
  const object = elementOf(supported, asObject(parsed.path));
  return object !== undefined && !rights.object(object.path).r;
}
