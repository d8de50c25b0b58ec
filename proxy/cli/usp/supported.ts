// causeway usp supported: what the device's model holds, as a tree.
import { comparePaths } from '../../path/order.ts';
import type {
  GetSupportedDmResp,
  ObjAccessType,
  ParamAccessType,
  ParamValueType,
  SupportedCommandResult,
  SupportedObjectResult,
} from '../../usp/messages/get-supported-dm.ts';
import { type Command, READ_TIMEOUT_MS } from '../command.ts';
import { alignColumns, type Cell } from '../output/columns.ts';
import type { Paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { exchange } from './exchange.ts';
import { errorLine, type Report } from './report.ts';

const TYPES: Readonly<Record<ParamValueType, string>> = {
  PARAM_UNKNOWN: 'unknown',
  PARAM_BASE_64: 'base64',
  PARAM_BOOLEAN: 'boolean',
  PARAM_DATE_TIME: 'dateTime',
  PARAM_DECIMAL: 'decimal',
  PARAM_HEX_BINARY: 'hexBinary',
  PARAM_INT: 'int',
  PARAM_LONG: 'long',
  PARAM_STRING: 'string',
  PARAM_UNSIGNED_INT: 'unsignedInt',
  PARAM_UNSIGNED_LONG: 'unsignedLong',
};
const PARAMETER_ACCESS: Readonly<Record<ParamAccessType, string>> = {
  PARAM_READ_ONLY: 'r-',
  PARAM_READ_WRITE: 'rw',
  PARAM_WRITE_ONLY: '-w',
};
const OBJECT_ACCESS: Readonly<Record<ObjAccessType, string>> = {
  OBJ_READ_ONLY: '',
  OBJ_ADD_DELETE: 'add, delete',
  OBJ_ADD_ONLY: 'add',
  OBJ_DELETE_ONLY: 'delete',
};

/** `Device.WiFi.SSID.{i}.` to `Device.`, `WiFi.`, `SSID.{i}.`: one part a level of the tree. */
const partsOf = (path: string): readonly string[] => path.match(/[^.]+\.(?:\{i\}\.)?/g) ?? [path];

function commandText({ input_arg_names, output_arg_names, command_type }: SupportedCommandResult): string {
  const kind = command_type === 'CMD_ASYNC' ? 'async ' : '';
  const output = output_arg_names.length === 0 ? '' : ` → ${output_arg_names.join(', ')}`;
  return `${kind}command (${input_arg_names.join(', ')})${output}`;
}

function elementRows(object: SupportedObjectResult, paint: Paint): readonly (readonly (Cell | string)[])[] {
  const by = <T>(list: readonly T[], name: (item: T) => string): readonly T[] =>
    [...list].sort((one, other) => comparePaths(name(one), name(other)));
  return [
    ...by(object.supported_params, ({ param_name }) => param_name).map(
      ({ param_name, access, value_type, value_change }) => [
        param_name,
        { text: PARAMETER_ACCESS[access], paint: access === 'PARAM_READ_ONLY' ? paint.dim : paint.green },
        TYPES[value_type] + (value_change === 'VALUE_CHANGE_WILL_IGNORE' ? ', reports no change' : ''),
      ],
    ),
    ...by(object.supported_commands, ({ command_name }) => command_name).map((command) => [
      { text: command.command_name, paint: paint.yellow },
      '',
      commandText(command),
    ]),
    ...by(object.supported_events, ({ event_name }) => event_name).map(({ event_name, arg_names }) => [
      { text: event_name, paint: paint.yellow },
      '',
      `event (${arg_names.join(', ')})`,
    ]),
  ];
}

const INDENT = '  ';

function objectLines(object: SupportedObjectResult, level: number, name: string, paint: Paint): readonly string[] {
  const keys = object.unique_key_sets.map(({ key_names }) => key_names.join('+')).join(' | ');
  const facts = [OBJECT_ACCESS[object.access], keys === '' ? '' : `key ${keys}`].filter((fact) => fact !== '');
  const heading =
    paint.bold(printable(name)) + (facts.length === 0 ? '' : paint.dim(`  (${printable(facts.join('; '))})`));
  const rows = elementRows(object, paint).map((row) =>
    row.map((cell) => (typeof cell === 'string' ? printable(cell) : { ...cell, text: printable(cell.text) })),
  );
  const below = alignColumns(rows).map((line) => INDENT.repeat(level + 1) + line);
  return [INDENT.repeat(level) + heading, ...below];
}

/** Objects as a tree: the first line of each answer has the whole path, those below it only what they add. */
function treeLines(objects: readonly SupportedObjectResult[], paint: Paint): readonly string[] {
  const sorted = [...objects].sort((one, other) => comparePaths(one.supported_obj_path, other.supported_obj_path));
  const root = sorted[0]?.supported_obj_path ?? '';
  return sorted.flatMap((object) => {
    const path = object.supported_obj_path;
    if (path === root || !path.startsWith(root)) return objectLines(object, 0, path, paint);
    const parts = partsOf(path.slice(root.length));
    return objectLines(object, parts.length, parts.at(-1) ?? path, paint);
  });
}

export function formatSupported({ req_obj_results }: GetSupportedDmResp, paint: Paint): Report {
  const failed = req_obj_results.filter(({ err_code }) => err_code !== 0);
  return {
    lines: req_obj_results.flatMap(({ supported_objs }) => treeLines(supported_objs, paint)),
    notes: [],
    errors: failed.map(({ req_obj_path, err_code, err_msg }) => errorLine(req_obj_path, err_code, err_msg)),
  };
}

export const supported: Command = {
  kind: 'command',
  name: 'supported',
  summary: "what the device's model holds: objects, parameters, commands, events",
  operands: [{ name: 'agent' }, { name: 'path', optional: true, many: true }],
  options: {
    'first-level': { help: 'the object itself in full, and the names of the objects directly below' },
    'no-params': { help: 'leave out parameters' },
    'no-commands': { help: 'leave out commands' },
    'no-events': { help: 'leave out events' },
  },
  speaksUsp: true,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'Tables stand with {i} in place of their instance numbers; Device. is taken where no path is given. rw is a parameter\n' +
      'that can be set, r- one that cannot. Parameters, commands and events are all shown unless left out.',
  ],
  examples: [
    { line: 'usp supported 000001 Device.WiFi.', what: 'all of Wi-Fi' },
    { line: 'usp supported 000001 --first-level', what: 'the objects that Device. holds' },
    { line: 'usp supported 000001 Device. --no-params --no-events', what: 'every command there is' },
  ],
  async run(invocation) {
    const [agent = '', ...paths] = invocation.operands;
    const { options } = invocation;
    return exchange(invocation, agent, {
      request: {
        kind: 'get_supported_dm',
        obj_paths: paths.length === 0 ? ['Device.'] : paths,
        first_level_only: options.has('first-level'),
        return_params: !options.has('no-params'),
        return_commands: !options.has('no-commands'),
        return_events: !options.has('no-events'),
        return_unique_key_sets: true,
      },
      answer: 'get_supported_dm_resp',
      format: formatSupported,
      changes: false,
    });
  },
};
