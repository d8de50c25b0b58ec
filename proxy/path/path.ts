// A path of the Instantiated Data Model as a value (TR-369 "Path Names"), and its text. parse.ts reads one.

export interface Path {
  /** From the root to the object: what the leaf belongs to. */
  readonly segments: readonly Segment[];
  readonly leaf: Leaf;
}

export type Segment =
  | { readonly kind: 'name'; readonly name: string }
  /** A row, by number; any that follow stand for rows too. Each comes after the name of its table. */
  | { readonly kind: 'instance'; readonly number: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'search'; readonly comparisons: readonly Comparison[] }
  | ReferenceFollowing;

/** `+`: go on at the object that the value of the parameter before it names. */
export interface ReferenceFollowing {
  readonly kind: 'reference';
  /** Which item, where the value is a list: from 1 up, 1 when the path says nothing. */
  readonly item: number | 'all';
}

export type Leaf =
  /** The path ends in a dot, or in something that only an object can be. */
  | { readonly kind: 'object' }
  | { readonly kind: 'command'; readonly name: string }
  | { readonly kind: 'event'; readonly name: string }
  /** The path ends in a bare name; the model knows what it is, since peers leave out an object's dot. */
  | { readonly kind: 'parameter-or-object'; readonly name: string };

/** All comparisons of a search must hold. */
export interface Comparison {
  /** Relative to the row; through objects of one instance, and references. */
  readonly parameter: readonly RelativeStep[];
  readonly operator: Operator;
  readonly constant: Constant;
}
export type RelativeStep = { readonly kind: 'name'; readonly name: string } | ReferenceFollowing;
/** `~=` asks whether a list contains the constant. */
export type Operator = '==' | '!=' | '<=' | '>=' | '~=' | '<' | '>';
export interface Constant {
  readonly text: string;
  /** It stood in double quotes: a text. Without, it is a number, a boolean or a dateTime. */
  readonly quoted: boolean;
}

function formatReference({ item }: ReferenceFollowing): string {
  if (item === 1) return '+';
  return item === 'all' ? '#*+' : `#${item}+`;
}

function formatRelative(steps: readonly RelativeStep[]): string {
  let text = '';
  for (const step of steps) {
    if (step.kind === 'reference') text += formatReference(step);
    else text += text === '' ? step.name : `.${step.name}`;
  }
  return text;
}

function formatConstant({ text, quoted }: Constant): string {
  return quoted ? `"${text.replaceAll('%', '%25').replaceAll('"', '%22')}"` : text;
}

function formatComparison({ parameter, operator, constant }: Comparison): string {
  return `${formatRelative(parameter)}${operator}${formatConstant(constant)}`;
}

function formatSegment(segment: Segment): string {
  switch (segment.kind) {
    case 'name':
      return segment.name;
    case 'instance':
      return String(segment.number);
    case 'wildcard':
      return '*';
    case 'search':
      return `[${segment.comparisons.map(formatComparison).join('&&')}]`;
    case 'reference':
      return formatReference(segment);
  }
}

/** The segments as text, with the dot that ends an object's path. */
export function formatObject(segments: readonly Segment[]): string {
  let text = '';
  for (const segment of segments) {
    if (segment.kind !== 'reference' && text !== '') text += '.';
    text += formatSegment(segment);
  }
  return text === '' ? '' : `${text}.`;
}

/** A path that parses to the same value: no white space, and the dot that a peer may have left out. */
export function formatPath({ segments, leaf }: Path): string {
  const object = formatObject(segments);
  switch (leaf.kind) {
    case 'object':
      return object;
    case 'command':
      return `${object}${leaf.name}()`;
    case 'event':
      return `${object}${leaf.name}!`;
    case 'parameter-or-object':
      return `${object}${leaf.name}`;
  }
}

/** The path with its bare last name read as an object's: for Add, Set, Delete and GetInstances, which take no parameter. */
export function asObject({ segments, leaf }: Path): Path {
  if (leaf.kind !== 'parameter-or-object') return { segments, leaf };
  return { segments: [...segments, { kind: 'name', name: leaf.name }], leaf: { kind: 'object' } };
}
