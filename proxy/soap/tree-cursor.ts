// The tree that fast-xml-parser makes with `preserveOrder`, seen as a cursor, so that the second reading runs through
// the same schemas as the first.
import { type ElementCursor, type NamespaceDeclaration, NO_RUN, type PairRun } from './cursor.ts';

/** One key: an element's name as written, TEXT or CDATA; beside it ATTRIBUTES. */
export type TreeNode = Readonly<Record<string, unknown>>;

export const TEXT = '#text';
export const CDATA = '#cdata';
export const ATTRIBUTES = ':@';
export const ATTRIBUTE_PREFIX = '@_';

interface Level {
  readonly nodes: readonly TreeNode[];
  next: number;
}

// What parsers give is not trusted to have the declared shape: anything else reads as nothing.
const nodesOf = (value: unknown): readonly TreeNode[] => (Array.isArray(value) ? (value as readonly TreeNode[]) : []);
const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const nameOf = (node: TreeNode): string => Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';
const localNameOf = (name: string): string => name.slice(name.lastIndexOf(':') + 1);

function textOf(node: TreeNode): string {
  if (TEXT in node) return stringOf(node[TEXT]);
  return nodesOf(node[CDATA]).map(textOf).join('');
}

export class TreeCursor implements ElementCursor {
  /** The document, then the open elements. */
  readonly #levels: Level[];
  #name = '';
  #attributes: ReadonlyMap<string, string> = new Map();

  constructor(nodes: readonly TreeNode[]) {
    this.#levels = [{ nodes, next: 0 }];
  }

  get localName(): string {
    return localNameOf(this.#name);
  }

  get prefix(): string {
    return this.#name.slice(0, Math.max(0, this.#name.lastIndexOf(':')));
  }

  child(): boolean {
    for (let node = this.#nextNode(); node !== undefined; node = this.#nextNode()) {
      if (this.#openElement(node)) return true;
    }
    this.#close();
    return false;
  }

  isNamed(localName: string): boolean {
    return localNameOf(this.#name) === localName;
  }

  attribute(localName: string): string | undefined {
    for (const [name, value] of this.#attributes) if (localNameOf(name) === localName) return value;
    return undefined;
  }

  namespaces(): NamespaceDeclaration[] {
    return [...this.#attributes]
      .filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
      .map(([name, uri]) => ({ prefix: name.slice('xmlns:'.length), uri }));
  }

  text(onChild?: () => void): string {
    let text = '';
    for (let node = this.#nextNode(); node !== undefined; node = this.#nextNode()) {
      if (!this.#openElement(node)) text += textOf(node);
      else if (onChild === undefined) this.#close();
      else onChild();
    }
    this.#close();
    return text;
  }

  pairRun(): PairRun {
    return NO_RUN;
  }

  skip(): void {
    this.#close();
  }

  #nextNode(): TreeNode | undefined {
    const level = this.#levels.at(-1);
    return level?.nodes[level.next++];
  }

  #openElement(node: TreeNode): boolean {
    if (TEXT in node || CDATA in node) return false;
    this.#name = nameOf(node);
    const attributes = Object.entries(node[ATTRIBUTES] ?? {});
    this.#attributes = new Map(
      attributes.map(([name, value]) => [name.slice(ATTRIBUTE_PREFIX.length), stringOf(value)]),
    );
    this.#levels.push({ nodes: nodesOf(node[this.#name]), next: 0 });
    return true;
  }

  #close(): void {
    if (this.#levels.length > 1) this.#levels.pop();
  }
}
