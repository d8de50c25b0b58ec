// Whether the standard allows a value: its type, then enumeration, range, length and pattern, for a list item by item.
// References are not followed: whether their target exists is known only where the instances are.
import { lengthOf, lexicalProblem, type ValueProblem } from './lexical.ts';
import { type Interval, type ValueRules } from './model.ts';
import { isOfNamedType } from './named-types.ts';

export type ValueCheck = { readonly ok: true } | ({ readonly ok: false } & ValueProblem);

const patterns = new Map<string, RegExp | undefined>();

/** Compiled when first needed. Length is checked before, so no pattern sees a long text where the standard gives one. */
function patternOf(source: string): RegExp | undefined {
  if (!patterns.has(source)) {
    let compiled: RegExp | undefined;
    try {
      compiled = new RegExp(`^(?:${source})$`, 'u');
    } catch {
      // XML Schema's patterns are nearly JavaScript's; one that is not must not make its parameter unwritable.
    }
    patterns.set(source, compiled);
  }
  return patterns.get(source);
}

function within(intervals: readonly Interval[], value: number): boolean {
  return intervals.some(({ low, high }) => low <= value && value <= high);
}

function describe(intervals: readonly Interval[]): string {
  const ends = ({ low, high }: Interval): string => {
    if (low === high) return `${low}`;
    return `${Number.isFinite(low) ? low : ''}..${Number.isFinite(high) ? high : ''}`;
  };
  return intervals.map(ends).join(', ');
}

/** A value's number may be beyond 2^53; rounded it still lies on the same side of every limit of the standard. */
function rangeProblem({ ranges, step }: ValueRules, value: number): string | undefined {
  if (ranges === undefined) return undefined;
  if (!within(ranges, value)) return `outside ${describe(ranges)}`;
  const low = ranges[0]?.low ?? 0;
  return step !== undefined && (value - low) % step !== 0 ? `not in steps of ${step} from ${low}` : undefined;
}

function itemProblem(rules: ValueRules, text: string): ValueProblem | undefined {
  const lexical = lexicalProblem(rules.itemType, text);
  if (lexical !== undefined) return lexical;
  const problem = (why: string | undefined): ValueProblem | undefined =>
    why === undefined ? undefined : { code: 7012, why };
  const { enumeration, lengths, pattern, typeName } = rules;
  if (enumeration !== undefined && !enumeration.includes(text)) {
    return problem(`not one of ${enumeration.join(', ')}`);
  }
  if (lengths !== undefined && !within(lengths, lengthOf(rules.itemType, text))) {
    return problem(`length not ${describe(lengths)}`);
  }
  if (pattern !== undefined && patternOf(pattern)?.test(text) === false) return problem(`not of the form ${pattern}`);
  if (typeName !== undefined && !isOfNamedType(typeName, text)) return problem(`not a value of ${typeName}`);
  return problem(rangeProblem(rules, Number(text)));
}

/** TR-106: commas and white space inside an item of a list are percent-encoded; around it white space is nothing. */
function listItems(text: string): readonly string[] {
  if (text.trim() === '') return [];
  return text
    .split(',')
    .map((item) =>
      item.trim().replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    );
}

function listProblem(rules: ValueRules, text: string): ValueProblem | undefined {
  const { itemCounts, listLengths } = rules;
  const lexical = lexicalProblem('STRING', text);
  if (lexical !== undefined) return lexical;
  if (listLengths !== undefined && !within(listLengths, lengthOf('STRING', text))) {
    return { code: 7012, why: `length of the list not ${describe(listLengths)}` };
  }
  const items = listItems(text);
  if (itemCounts !== undefined && !within(itemCounts, items.length)) {
    return { code: 7012, why: `number of items not ${describe(itemCounts)}` };
  }
  for (const [index, item] of items.entries()) {
    const problem = itemProblem(rules, item);
    if (problem !== undefined) return { code: problem.code, why: `item ${index + 1}: ${problem.why}` };
  }
  return undefined;
}

/** Checks what a Controller wants to write, to a parameter or as a command's argument. */
export function checkValue({ value: rules }: { readonly value: ValueRules }, text: string): ValueCheck {
  const problem = rules.list ? listProblem(rules, text) : itemProblem(rules, text);
  return problem === undefined ? { ok: true } : { ok: false, ...problem };
}
