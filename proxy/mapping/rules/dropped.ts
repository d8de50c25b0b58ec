// mappings/tr098/dropped.yaml: what of TR-098 is left out on purpose, so that it is no gap.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { CausewayError } from '../../errors.ts';
import type { StandardModel } from '../standard-model.ts';
import { field, fieldsOf, isSeq, refuse, textOf, textsOf, type Problem, type Reader } from './parse-node.ts';

export interface Drop {
  readonly why: string;
  /** Generalised paths below the root; `*` is any single name, an object is meant with all that is in it. */
  readonly paths: readonly string[];
  /** Of them, those that are shown all the same. */
  readonly but: readonly string[];
}

export type ParsedDrops =
  { readonly ok: true; readonly value: readonly Drop[] } | { readonly ok: false; readonly errors: readonly Problem[] };

/** `file` is only what problems are told with. */
export function parseDrops(file: string, text: string): ParsedDrops {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) {
    return { ok: false, errors: [{ file, line: lines.linePos(broken.pos[0]).line, why: broken.message }] };
  }
  const reader: Reader = { file, lines, problems: [] };
  const items = isSeq(document.contents) ? document.contents.items : [];
  if (items.length === 0) refuse(reader, document.contents, 'it must be a list of { why, paths }');
  const drops = items.flatMap((item): readonly Drop[] => {
    const fields = fieldsOf(reader, item, 'what is dropped', ['why', 'paths', 'but']);
    if (fields === undefined) return [];
    const why = field(fields, 'why', (node) => textOf(reader, node, 'why'));
    const paths = field(fields, 'paths', (node) => textsOf(reader, node, 'paths'));
    const but = field(fields, 'but', (node) => textsOf(reader, node, 'but')) ?? [];
    if (why !== undefined && paths !== undefined) return [{ why, paths, but }];
    refuse(reader, item, 'it needs why, and paths');
    return [];
  });
  return reader.problems.length === 0 ? { ok: true, value: drops } : { ok: false, errors: reader.problems };
}

const ROOT = 'InternetGatewayDevice.';

const matcherOf = (path: string): RegExp =>
  new RegExp(
    `^${(ROOT + path).replace(/[.{}]/g, String.raw`\$&`).replaceAll('*', '[A-Za-z0-9_]*')}${path.endsWith('.') ? '' : '$'}`,
  );

/** Every parameter of the model that is left out, by its generalised name, with the reason. */
export function droppedOf(drops: readonly Drop[], own: StandardModel): ReadonlyMap<string, string> {
  const matchers = drops.flatMap(({ why, paths, but }) =>
    paths.map((path) => ({ why, matcher: matcherOf(path), but: but.map(matcherOf) })),
  );
  const dropped = new Map<string, string>();
  for (const { path, parameters } of own.objects.values()) {
    for (const name of parameters.keys()) {
      const match = matchers.find(
        ({ matcher, but }) => matcher.test(path + name) && !but.some((shown) => shown.test(path + name)),
      );
      if (match !== undefined) dropped.set(path + name, match.why);
    }
  }
  return dropped;
}

/** The file that Causeway comes with. Throws CAUSEWAY_MAPPING_INVALID with file and line. */
export function loadDrops(): readonly Drop[] {
  const path = fileURLToPath(import.meta.resolve('#mappings/tr098/dropped.yaml'));
  const parsed = parseDrops('mappings/tr098/dropped.yaml', readFileSync(path, 'utf8'));
  if (parsed.ok) return parsed.value;
  const problems = parsed.errors.map(({ file, line, why }) => `${file}:${line}: ${why}`);
  throw new CausewayError('CAUSEWAY_MAPPING_INVALID', problems.join('\n'));
}
