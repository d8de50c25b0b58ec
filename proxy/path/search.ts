// The search in a path: `[Type=="Normal"&&Stats.ErrorsSent>0]`.
import type { Comparison, Constant, Operator, RelativeStep } from './path.ts';
import { readReference, startsReference, type Part } from './reference.ts';
import { isRefusal, mostComparisons, refuse, type Refusal } from './refusal.ts';
import { DOT, endOfBareConstant, endOfName, endOfSpace } from './tokens.ts';

/** Longer ones before those they begin with. */
const operators: readonly Operator[] = ['==', '!=', '<=', '>=', '~=', '<', '>'];

interface ReadParameter {
  readonly parameter: readonly RelativeStep[];
  readonly end: number;
}

/** Names and references only: a row's child tables have searches of their own. */
function readParameter(text: string, start: number): ReadParameter | Refusal {
  const parameter: RelativeStep[] = [];
  let at = start;
  for (;;) {
    const end = endOfName(text, at);
    if (end === at) return refuse(at, 'expected the name of a parameter');
    parameter.push({ kind: 'name', name: text.slice(at, end) });
    at = end;
    if (startsReference(text, at)) {
      const reference = readReference(text, at);
      if (isRefusal(reference)) return reference;
      parameter.push(reference.segment);
      at = reference.end;
      if (text.charCodeAt(at) !== DOT) return refuse(at, 'expected a dot and a parameter of the object referred to');
    }
    if (text.charCodeAt(at) !== DOT) return { parameter, end: at };
    at += 1;
  }
}

/** Only these two are escaped in a constant; `%41` is itself. */
function decodeLiteral(literal: string): string {
  return literal.replaceAll('%22', '"').replaceAll('%25', '%');
}

function readConstant(text: string, at: number): { readonly constant: Constant; readonly end: number } | Refusal {
  if (text.startsWith('"', at)) {
    const close = text.indexOf('"', at + 1);
    if (close < 0) return refuse(at, 'a double quote is not closed');
    return { constant: { text: decodeLiteral(text.slice(at + 1, close)), quoted: true }, end: close + 1 };
  }
  const end = endOfBareConstant(text, at);
  if (end === at) return refuse(at, 'expected a number, a boolean, a dateTime or a text in double quotes');
  return { constant: { text: text.slice(at, end), quoted: false }, end };
}

function readComparison(text: string, at: number): { readonly comparison: Comparison; readonly end: number } | Refusal {
  const left = readParameter(text, at);
  if (isRefusal(left)) return left;
  const operatorAt = endOfSpace(text, left.end);
  const operator = operators.find((candidate) => text.startsWith(candidate, operatorAt));
  if (operator === undefined) return refuse(operatorAt, 'expected a comparison operator');
  const right = readConstant(text, endOfSpace(text, operatorAt + operator.length));
  if (isRefusal(right)) return right;
  return { comparison: { parameter: left.parameter, operator, constant: right.constant }, end: right.end };
}

/** Reads from the opening bracket to the closing one. */
export function readSearch(text: string, start: number): Part | Refusal {
  const comparisons: Comparison[] = [];
  let at = start + 1;
  for (;;) {
    if (comparisons.length === mostComparisons)
      return refuse(at, `a search has more than ${mostComparisons} comparisons`);
    const read = readComparison(text, endOfSpace(text, at));
    if (isRefusal(read)) return read;
    comparisons.push(read.comparison);
    at = endOfSpace(text, read.end);
    if (text.startsWith(']', at)) return { segment: { kind: 'search', comparisons }, end: at + 1 };
    if (!text.startsWith('&&', at)) return refuse(at, 'expected && or ]');
    at += 2;
  }
}
