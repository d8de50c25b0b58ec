// Paths as rule files write them: names with dots, `{name}` for an instance number, `/` in front for "from the root".
import { refuse, textOf, type Reader } from './parse-node.ts';

// Vendors' names have hyphens (X_ZTE-COM_VLANID) and now and then begin with a digit.
const SEGMENT = '(?:[A-Za-z0-9_][A-Za-z0-9_-]*|\\{[a-z][A-Za-z0-9]*\\})';
const OBJECT = new RegExp(`^/?(?:${SEGMENT}\\.)+$`);
const PARAMETER = new RegExp(`^/?(?:${SEGMENT}\\.)*${SEGMENT}$`);
const ROOTS = /^\/?(?:InternetGatewayDevice|Device)\./;

function pathOf(reader: Reader, node: unknown, what: string, text: string, parameter: boolean): string | undefined {
  const form = parameter ? PARAMETER : OBJECT;
  const wants = parameter
    ? 'path of a parameter, like Stats.BytesSent without a last dot'
    : 'path of an object, like WANDevice.{wan}. with its last dot';
  const root = ROOTS.exec(text)?.[0];
  if (root !== undefined) return refuse(reader, node, `${what}: "${text}" must not begin with the root`);
  return form.test(text) ? text : refuse(reader, node, `${what}: "${text}" is no ${wants}`);
}

/** `WANDevice.{wan}.` */
export function objectOf(reader: Reader, node: unknown, what: string): string | undefined {
  const text = textOf(reader, node, what);
  return text === undefined ? undefined : pathOf(reader, node, what, text, false);
}

/** `/Time.Status`, `X_HW_VLAN`, `Stats.BytesSent`. `written`: where it is not all that the node says. */
export function parameterOf(reader: Reader, node: unknown, what: string, written?: string): string | undefined {
  const text = written ?? textOf(reader, node, what);
  return text === undefined ? undefined : pathOf(reader, node, what, text, true);
}

/** An object or a parameter. */
export function eitherOf(reader: Reader, node: unknown, what: string): string | undefined {
  const text = textOf(reader, node, what);
  if (text === undefined) return undefined;
  return text.endsWith('.') ? objectOf(reader, node, what) : parameterOf(reader, node, what);
}

/** The names in braces, in their order. */
export function namesIn(pattern: string): readonly string[] {
  return [...pattern.matchAll(/\{([a-z][A-Za-z0-9]*)\}/g)].map(([, name = '']) => name);
}
