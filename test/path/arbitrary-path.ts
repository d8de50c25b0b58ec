// Arbitrary paths, as values.
import fc from 'fast-check';
import type { Comparison, Constant, Leaf, Operator, Path, RelativeStep, Segment } from '../../proxy/path/path.ts';

const nameText = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/);
const name = nameText.map((text) => ({ kind: 'name', name: text }) as const);
export const instance = fc.oneof(fc.integer({ min: 1, max: 120 }), fc.constantFrom(4294967295));
const reference = fc
  .oneof(fc.integer({ min: 1, max: 12 }), fc.constant('all' as const))
  .map((item) => ({ kind: 'reference', item }) as const);

const parameter: fc.Arbitrary<RelativeStep[]> = fc
  .tuple(fc.array(fc.tuple(name, fc.option(reference, { nil: undefined })), { maxLength: 2 }), name)
  .map(([steps, last]) => [...steps.flatMap(([first, ref]) => (ref === undefined ? [first] : [first, ref])), last]);
const constant: fc.Arbitrary<Constant> = fc.oneof(
  fc
    .string({ unit: 'binary', maxLength: 12 })
    .filter((text) => !text.includes('\uFFFD'))
    .map((text) => ({ text, quoted: true })),
  fc.constantFrom('%', '"', '%22', '%25', ']', '&&', '"%"').map((text) => ({ text, quoted: true })),
  fc.stringMatching(/^[A-Za-z0-9+:.-]{1,8}$/).map((text) => ({ text, quoted: false })),
);
const operator = fc.constantFrom<Operator>('==', '!=', '<=', '>=', '~=', '<', '>');
const comparison: fc.Arbitrary<Comparison> = fc
  .tuple(parameter, operator, constant)
  .map(([left, sign, right]) => ({ parameter: left, operator: sign, constant: right }));

const rows: fc.Arbitrary<Segment> = fc.oneof(
  instance.map((number) => ({ kind: 'instance', number }) as const),
  fc.constant({ kind: 'wildcard' } as const),
  fc.array(comparison, { minLength: 1, maxLength: 3 }).map((comparisons) => ({ kind: 'search', comparisons }) as const),
);
/** A name, and the row or the reference that may follow it. */
const step: fc.Arbitrary<Segment[]> = fc.oneof(
  name.map((only) => [only]),
  fc.tuple(name, fc.oneof(rows, reference)),
);
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.constant({ kind: 'object' } as const),
  nameText.map((text) => ({ kind: 'command', name: text }) as const),
  nameText.map((text) => ({ kind: 'event', name: text }) as const),
  nameText.map((text) => ({ kind: 'parameter-or-object', name: text }) as const),
);

export const arbitraryPath: fc.Arbitrary<Path> = fc
  .tuple(name, fc.array(step, { maxLength: 5 }), leaf)
  .map(([root, steps, last]) => ({ segments: [root, ...steps.flat()], leaf: last }));

/** The text of a concrete object: `Device.A.3.B.`. */
export const concreteObject: fc.Arbitrary<string> = fc
  .array(fc.tuple(nameText, fc.option(instance, { nil: undefined })), { maxLength: 5 })
  .map(
    (parts) =>
      `Device.${parts.map(([text, number]) => `${text}.${number === undefined ? '' : `${number}.`}`).join('')}`,
  );
