// Concrete paths, those with a number for every row, stay text: they are keys of maps and fields of messages. These
// functions run for every parameter of a large Get, and trust their input: it comes from a model or a parser.
import { DOT, endOfDigits, isDigit } from './tokens.ts';

/** `Device.IP.Interface.` and 3 to `Device.IP.Interface.3.`. */
export const rowOf = (table: string, number: number): string => `${table}${number}.`;

/** An object or a parameter to the object that holds it: both `Device.A.B.` and `Device.A.B` to `Device.A.`; '' for the root. */
export function parentOf(path: string): string {
  const end = path.charCodeAt(path.length - 1) === DOT ? path.length - 2 : path.length - 1;
  return path.slice(0, path.lastIndexOf('.', end) + 1);
}

/** The last part of a path, without dots: the `B` of `Device.A.B.` and of `Device.A.B`. */
export function lastNameOf(path: string): string {
  const end = path.charCodeAt(path.length - 1) === DOT ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf('.', end - 1) + 1, end);
}

/** The instance number that an object's path ends in, `Device.IP.Interface.3.`; undefined when it names no row. */
export function rowNumberOf(object: string): number | undefined {
  const name = lastNameOf(object);
  return name !== '' && endOfDigits(name, 0) === name.length ? Number(name) : undefined;
}

/** Calls `found` with the place of each instance number in the path, from left to right. */
function eachNumber(path: string, found: (start: number, end: number) => void): void {
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    if (!isDigit(path.charCodeAt(dot + 1))) continue;
    const end = endOfDigits(path, dot + 1);
    if (end === path.length || path.charCodeAt(end) === DOT) found(dot + 1, end);
  }
}

/** `Device.IP.Interface.3.Status` to `Device.IP.Interface.{i}.Status`. */
export function generalise(path: string): string {
  let general = '';
  let copied = 0;
  eachNumber(path, (start, end) => {
    general += `${path.slice(copied, start)}{i}`;
    copied = end;
  });
  return copied === 0 ? path : general + path.slice(copied);
}

/** The instance numbers of a path, from left to right: what `generalise` leaves out. */
export function instanceNumbersOf(path: string): number[] {
  const numbers: number[] = [];
  eachNumber(path, (start, end) => numbers.push(Number(path.slice(start, end))));
  return numbers;
}

/** The inverse of `generalise`: one number for each `{i}`, from left to right; undefined when they are not as many. */
export function instantiate(general: string, numbers: readonly number[]): string | undefined {
  const parts = general.split('{i}');
  if (parts.length !== numbers.length + 1) return undefined;
  return parts.reduce((path, part, index) => `${path}${numbers[index - 1] ?? ''}${part}`);
}

/** The instance numbers with which a concrete path is an instance of `general`; undefined when it is none. */
export function matchGeneral(general: string, path: string): number[] | undefined {
  const numbers: number[] = [];
  let at = 0;
  let matched = 0;
  for (let mark = general.indexOf('{i}'); mark >= 0; mark = general.indexOf('{i}', matched)) {
    if (!path.startsWith(general.slice(matched, mark), at)) return undefined;
    const start = at + mark - matched;
    at = endOfDigits(path, start);
    if (at === start) return undefined;
    numbers.push(Number(path.slice(start, at)));
    matched = mark + 3;
  }
  return path.slice(at) === general.slice(matched) ? numbers : undefined;
}
