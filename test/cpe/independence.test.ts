// The witness must not share code with what it witnesses.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const here = fileURLToPath(new URL('./test/cpe/', import.meta.resolve('#package')));

t.test('nothing under test/cpe imports from proxy', async (t) => {
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  t.ok(files.length > 40);
  const guilty = files.filter((name) => /from '[^']*\/proxy\//.test(readFileSync(here + name, 'utf8')));
  t.same(guilty, []);
});
