// Reads the text of mappings/tr181/cwmp-difference.txt: what TR-181 has otherwise for a CPE that speaks CWMP. Pure.
import { type ParameterAccess, type Parsed } from './model.ts';
import { isNeighbour } from './neighbours.ts';

/** A parameter that is written to run a command: with a fixed value, or with the value of one of its arguments. */
export type TriggerSetting =
  { readonly parameter: string; readonly value: string } | { readonly parameter: string; readonly argument: string };

/**
 * Where CWMP has the test that is a command in USP. Inputs and results have the command's names below `object`, and its
 * Status is `stateParameter`.
 */
export interface DiagnosticsObject {
  readonly object: string;
  /** A test starts when this parameter is set to Requested. */
  readonly stateParameter: string;
}

/** All paths are generalised: `{i}` in place of instance numbers. */
export interface CwmpDifference {
  /** Whether this path of a CPE is not shown to USP: only CWMP has it, or a command stands for it. */
  readonly isHidden: (path: string) => boolean;
  /** What is written to run `Device.WiFi.Reset()`, in this order; undefined for commands without a trigger. */
  readonly triggerOf: (command: string) => readonly TriggerSetting[] | undefined;
  /** The command that writing this parameter of a CPE is in USP. */
  readonly commandOf: (parameter: string) => string | undefined;
  readonly singletonOf: (command: string) => DiagnosticsObject | undefined;
  /** Where the CPE has what USP calls `path`: the same path, but for a few that USP moved out of diagnostics. */
  readonly cwmpPathOf: (path: string) => string;
  /** The access that the CWMP model gives a parameter, where it is not the USP model's: an Alias can be rewritten. */
  readonly cwmpAccessOf: (parameter: string) => ParameterAccess | undefined;
}

interface Reading {
  readonly hidden: Set<string>;
  readonly triggers: Map<string, readonly TriggerSetting[]>;
  readonly commands: Map<string, string>;
  readonly diagnostics: Map<string, DiagnosticsObject>;
  readonly moved: Map<string, string>;
  readonly accesses: Map<string, ParameterAccess>;
}

const PATH = /^Device\.(?:[\w-]+\.(?:\{i\}\.)?)*(?:[\w-]+)?$/;
const COMMAND = /^Device\.(?:[\w-]+\.(?:\{i\}\.)?)*[\w-]+\(\)$/;
/** `*.Alias`: that name in every object. */
const ANYWHERE = /^\*\.[\w-]+$/;
const SETTING = /^([\w-]+)=(?:<([\w.-]+)>|([^<>]+))$/;

function objectOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.') + 1);
}

/** The path itself, then the objects around it, from the inside outwards. */
function* around(path: string): Generator<string> {
  yield path;
  for (let end = path.lastIndexOf('.', path.length - 2); end > 0; end = path.lastIndexOf('.', end - 1)) {
    yield path.slice(0, end + 1);
  }
}

function readTrigger(reading: Reading, command: string, words: readonly string[]): boolean {
  const settings: TriggerSetting[] = [];
  for (const word of words) {
    const [, name, argument, value] = SETTING.exec(word) ?? [];
    if (name === undefined) return false;
    const parameter = objectOf(command) + name;
    settings.push(argument === undefined ? { parameter, value: value ?? '' } : { parameter, argument });
    reading.commands.set(parameter, command);
  }
  reading.triggers.set(command, settings);
  return settings.length > 0 && COMMAND.test(command);
}

function readDiagnostics(reading: Reading, command: string, object: string, rest: readonly string[]): boolean {
  const [state = 'state=DiagnosticsState', ...more] = rest;
  reading.diagnostics.set(command, { object, stateParameter: `${object}${state.replace('state=', '')}` });
  // An object that also owns the command is one of USP as well; what it must not show has a hide line of its own.
  if (object !== objectOf(command)) reading.hidden.add(object);
  return (
    COMMAND.test(command) && PATH.test(object) && object.endsWith('.') && /^state=\w+$/.test(state) && more.length === 0
  );
}

/** False when the line is not understood. */
function readLine(reading: Reading, line: string): boolean {
  if (line === '' || line.startsWith('#')) return true;
  const [word = '', path = '', ...rest] = line.split(' ');
  const [other = ''] = rest;
  switch (word) {
    case 'hide':
      reading.hidden.add(path);
      return PATH.test(path) && rest.length === 0;
    case 'access':
      if (other !== 'readOnly' && other !== 'readWrite' && other !== 'writeOnceReadOnly') return false;
      reading.accesses.set(path, other);
      return (PATH.test(path) || ANYWHERE.test(path)) && rest.length === 1;
    case 'moved':
      reading.moved.set(path, other);
      return PATH.test(path) && PATH.test(other) && rest.length === 1;
    case 'trigger':
      return readTrigger(reading, path, rest);
    case 'diagnostics':
      return readDiagnostics(reading, path, other, rest.slice(1));
    default:
      return false;
  }
}

function lookUps({ hidden, triggers, commands, diagnostics, moved, accesses }: Reading): CwmpDifference {
  return {
    isHidden: (path) => {
      if (isNeighbour(path)) return true;
      // A hidden table is hidden with its own path too, under which a CPE lists it: `Device.DeviceInfo.SupportedDataModel.`
      if (commands.has(path) || hidden.has(`${path}{i}.`)) return true;
      for (const outer of around(path)) if (hidden.has(outer)) return true;
      return false;
    },
    triggerOf: (command) => triggers.get(command),
    commandOf: (parameter) => commands.get(parameter),
    singletonOf: (command) => diagnostics.get(command),
    cwmpPathOf: (path) => {
      for (const outer of around(path)) {
        const there = moved.get(outer);
        if (there !== undefined) return there + path.slice(outer.length);
      }
      return path;
    },
    cwmpAccessOf: (parameter) =>
      accesses.get(parameter) ?? accesses.get(`*${parameter.slice(parameter.lastIndexOf('.'))}`),
  };
}

export function parseDifference(text: string): Parsed<CwmpDifference> {
  const reading: Reading = {
    hidden: new Set(),
    triggers: new Map(),
    commands: new Map(),
    diagnostics: new Map(),
    moved: new Map(),
    accesses: new Map(),
  };
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (!readLine(reading, line)) return { ok: false, line: number, reason: `not understood: "${line}"` };
  }
  return { ok: true, value: lookUps(reading) };
}
