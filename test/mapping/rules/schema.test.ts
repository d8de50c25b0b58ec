// mappings/tr098/schema.json, for editors: every rule file is valid by it, and it refuses what the parser refuses. Fastify
// brings the validator.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import t from 'tap';
import { parse } from 'yaml';
import { parseRules } from '../../../proxy/mapping/rules/parse.ts';

const FOLDER = join(process.cwd(), 'mappings/tr098');
const schema: unknown = JSON.parse(readFileSync(join(FOLDER, 'schema.json'), 'utf8'));

async function validator(): Promise<FastifyInstance> {
  const server = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, strict: false } } });
  server.post('/', { schema: { body: schema } }, async () => ({}));
  await server.ready();
  return server;
}

const server = await validator();
t.teardown(async () => {
  await server.close();
});

/** '' where it is valid. */
async function problemOf(text: string): Promise<string> {
  const document: unknown = parse(text);
  const { statusCode, body } = await server.inject({
    method: 'POST',
    url: '/',
    payload: JSON.stringify(document),
    headers: { 'content-type': 'application/json' },
  });
  return statusCode === 200 ? '' : body;
}

const files = ['.', 'vendors']
  .flatMap((folder) => readdirSync(join(FOLDER, folder)).map((name) => join(FOLDER, folder, name)))
  .filter((path) => path.endsWith('.yaml') && !path.endsWith('dropped.yaml'));

await t.test('every rule file is valid, and names the schema', async (t) => {
  t.ok(files.length > 20, 'they are found');
  for (const path of files) {
    const text = readFileSync(path, 'utf8');
    t.equal(await problemOf(text), '', path);
    const schemaPath = path.includes('/vendors/') ? '../schema.json' : 'schema.json';
    t.equal(text.split('\n')[0], `# yaml-language-server: $schema=${schemaPath}`, path);
  }
});

const wrong = [
  'object: []',
  'objects: [{ at: A. }]',
  'objects: [{ at: A, to: B. }]',
  'objects: [{ at: A., to: B., parameters: { One: { form: Two } } }]',
  'objects: [{ at: A., to: B., parameters: { One: { constant: 1, write: no } } }]',
  'objects: [{ at: A., to: B., parameters: { One: [Two, Three] } }]',
  'objects: [{ at: A., to: B., when: { X: { not: 1, there: yes } } }]',
  'tables: { Radio: { at: A. } }',
  'tables: { radio: { at: A., remove: row } }',
  'tables: { radio: { at: A., add: { claim: { E: 0 }, object: A. } } }',
  'commands: { Ping: { at: A., set: { X: 1 } } }',
  'commands: { Ping(): { at: A. } }',
  'rank: many',
];

await t.test('the schema and the parser refuse the same', async (t) => {
  for (const text of wrong) {
    t.not(await problemOf(text), '', `${text}: the schema`);
    t.equal(parseRules('one.yaml', text).ok, false, `${text}: the parser`);
  }
});
