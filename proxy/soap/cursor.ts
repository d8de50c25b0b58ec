// How the reading of RPCs sees a document, whatever stands behind it: one element is open, its children come in order.

export interface NamespaceDeclaration {
  /** '' for the default namespace. */
  readonly prefix: string;
  readonly uri: string;
}

/**
 * Goes ahead through a list of structs that hold two texts each, as long as they are written like one that was read
 * before; a reader tells it of each struct that it had to read itself. It may always decline.
 */
export interface PairRun {
  /** Passes over the next struct of the open list; false when it has to be read. */
  next(): boolean;
  /** Of the struct just passed over: its texts, and what `learn` was told of one written like it. */
  readonly first: string;
  readonly second: string;
  readonly type: string;
  /** While a struct is read: the element of the first text was just opened, or of the second. */
  firstOpened(): void;
  secondOpened(): void;
  /** The struct was read to its end. */
  learn(type: string): void;
}

const nothing = (): void => undefined;
/** For a cursor that reads every struct. */
export const NO_RUN: PairRun = {
  next: () => false,
  first: '',
  second: '',
  type: '',
  firstOpened: nothing,
  secondOpened: nothing,
  learn: nothing,
};

/**
 * After `child()` has returned true the child is the open element; exactly one of `text()`, `skip()`, or `child()`
 * until it returns false must then be called to leave it. Once the document is refused, every call returns at once
 * with false or '': a reader needs no check of its own, the refusal is looked up at the end.
 */
export interface ElementCursor {
  /** Opens the next child of the open element; false when there is none, and the element is then closed. */
  child(): boolean;
  /** Whether the open element, or rather the child just opened, has this name without its prefix. */
  isNamed(localName: string): boolean;
  readonly localName: string;
  readonly prefix: string;
  /** The first attribute of the element just opened that has this name without its prefix; not a copy. */
  attribute(localName: string): string | undefined;
  /** What the element just opened declares; the URIs are no copies. */
  namespaces(): readonly NamespaceDeclaration[];
  /** The element's own character data; closes it. A child is skipped, or left to `onChild`, which has to leave it. */
  text(onChild?: () => void): string;
  /** For the list that is open. */
  pairRun(): PairRun;
  /** Closes the element with all that is in it. */
  skip(): void;
}
