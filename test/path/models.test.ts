// The paths of the real data models, where their tables are at hand: each parses, and survives its instances.
import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { generalise, instantiate, matchGeneral } from '../../proxy/path/concrete.ts';
import { parsePath } from '../../proxy/path/parse.ts';
import { formatPath } from '../../proxy/path/path.ts';
import { parseSupportedPath } from '../../proxy/path/supported-path.ts';

const folder = '../shared/facts/data-models';
const kinds = new Set(['object', 'param', 'command', 'event']);

for (const model of ['tr181-usp', 'tr181-cwmp', 'tr098']) {
  const file = `${folder}/${model}.tsv`;
  t.test(model, { skip: existsSync(file) ? false : 'the table is not here' }, async (t) => {
    const rows = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split('\t'));
    const paths = rows.flatMap(([path = '', kind = '']) => (kinds.has(kind) ? [path] : []));
    const wrong = paths.filter((path) => {
      const numbers = (path.match(/\{i\}/g) ?? []).map((_, index) => index + 1);
      const concrete = instantiate(path, numbers) ?? '';
      const parsed = parsePath(concrete);
      const isWhole = parsed.ok && formatPath(parsed.path) === concrete && generalise(concrete) === path;
      return !isWhole || !parseSupportedPath(path).ok || matchGeneral(path, concrete)?.join() !== numbers.join();
    });
    t.same(wrong, [], `${paths.length} paths`);
  });
}
