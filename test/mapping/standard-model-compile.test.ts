// The script that makes mappings/tr181/: what it writes of small tables, and how it refuses facts it does not understand.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t, { type Test } from 'tap';
import { compileTr181, TABLES } from '../../proxy/cli/models/tr181-files.ts';

const SCRIPT = resolve('dist/proxy/cli/models/compile-tr181.js');
const COLUMNS =
  'path kind type access uniqueKeys numEntriesParam enum constraint ref list mandatory since statusHistory default flags';

function run(...options: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [SCRIPT, ...options], { encoding: 'utf8' });
}

/** A table of the given columns; each row names the cells that are not empty. */
function table(columns: string, rows: readonly Readonly<Record<string, string>>[]): string {
  const names = columns.split(' ');
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((cells) => cells.join('\t'))
    .join('\n');
}

const objects = [
  { path: 'Device.', kind: 'object', since: '2.12' },
  { path: 'Device.A.', kind: 'object', since: '2.12' },
  { path: 'Device.A.Row.{i}.', kind: 'object', access: 'readWrite', uniqueKeys: '~Alias;B,C', since: '2.12' },
];
const row = 'Device.A.Row.{i}.';

const usp = [
  ...objects,
  {
    path: `${row}Alias`,
    kind: 'param',
    type: 'string:Alias',
    access: 'writeOnceReadOnly',
    constraint: 'len 0..64',
    since: '2.12',
  },
  {
    path: `${row}B`,
    kind: 'param',
    type: 'string',
    enum: 'One|Two two|50%|Old^',
    since: '2.13',
    flags: 'notify=canDeny',
  },
  { path: `${row}C`, kind: 'param', type: 'int', access: 'readWrite', constraint: 'range 4..4,6..9', since: '2.12' },
  {
    path: `${row}D`,
    kind: 'param',
    type: 'string',
    list: '1',
    constraint: 'pat ~[A-Z]; items 0..8 listlen 0..',
    since: '2.12',
  },
  {
    path: `${row}E`,
    kind: 'param',
    type: 'string',
    ref: 'weak row #.Row.',
    since: '2.12',
    statusHistory: 'deprecated@2.15 deleted@2.18',
  },
  { path: `${row}F`, kind: 'param', type: 'string', ref: 'enumRef B null=', since: '2.12' },
  { path: `${row}Go()`, kind: 'command', type: 'sync', since: '2.19' },
  { path: `${row}Go().Input.B`, kind: 'input', type: 'string', mandatory: '1', default: 'p=', since: '2.19' },
  { path: `${row}Go().Output.R.{i}.`, kind: 'output-object', since: '2.19' },
  { path: `${row}Go().Output.R.{i}.B`, kind: 'output', type: 'string', ref: 'strong row ##.Row.', since: '2.19' },
  { path: 'Device.A.Gone!', kind: 'event', since: '2.12' },
  { path: 'Device.A.Gone!.Which', kind: 'event-arg', type: 'string:Alias', constraint: 'len 0..64', since: '2.12' },
];
const cwmp = [
  ...objects,
  { path: `${row}Alias`, kind: 'param', type: 'string:Alias', access: 'readWrite', since: '2.12' },
];
const difference = [
  { cwmpPath: 'Device.Old.', relation: 'cwmp-only' },
  { cwmpPath: 'Device.Old.Thing', relation: 'cwmp-only' },
  { cwmpPath: `${row}Go`, relation: 'none' },
  { cwmpPath: `${row}B`, uspPath: `${row}Go().Input.B`, relation: 'param->input' },
];

const MODEL = `model Device:2 12..19
type Alias string len=..64

Device.

Device.A.
 Gone!
  arg Which Alias

Device.A.Row.{i}. rw keys=~Alias;B,C
 Alias Alias wo
 B string enum=One|Two%20two|50%25|Old canDeny since=13
 C int rw range=4,6..9
 D string[] pattern=|[A-Z] items=..8
 E string row=weak,Device.A.Row.{i}. deprecated=15 deleted=18
 F string valuesOf=Device.A.Row.{i}.B null=
 Go() sync since=19
  in B string mandatory default=
  out R.{i}.B string row=strong,Device.A.Row.{i}.
`;
const DIFFERENCE = `hide Device.Old.
access ${row}Alias readWrite
trigger ${row}Go() B=<B> Go=true
`;

type Rows = readonly Readonly<Record<string, string>>[];

function tables(uspRows: Rows, differenceRows: Rows): Parameters<typeof compileTr181>[0] {
  return {
    usp: table(COLUMNS, uspRows),
    cwmp: table(COLUMNS, cwmp),
    difference: table('cwmpPath uspPath relation note', differenceRows),
  };
}

function folders(t: Test): { readonly facts: string; readonly out: string } {
  const texts = tables(usp, difference);
  const folder = t.testdir({
    facts: { [TABLES.usp]: texts.usp, [TABLES.cwmp]: texts.cwmp, [TABLES.difference]: texts.difference },
    out: {},
  });
  return { facts: join(folder, 'facts'), out: join(folder, 'out') };
}

t.test('--help says how it is used', async (t) => {
  const { status, stdout } = run('--help');
  t.equal(status, 0);
  t.match(stdout, /--facts <folder> --out <folder>/);
});

t.test('what it writes of small tables, twice the same', async (t) => {
  const { facts, out } = folders(t);
  const first = run('--facts', facts, '--out', out);
  t.same([first.status, first.stderr], [0, '']);
  const read = (): readonly string[] =>
    ['model.txt', 'cwmp-difference.txt'].map((name) => readFileSync(join(out, name), 'utf8').replace(/^#.*\n/, ''));
  const texts = read();
  t.same(texts, [MODEL, DIFFERENCE]);
  run('--facts', facts, '--out', out);
  t.same(read(), texts);
});

t.test('options and folders that are not there', async (t) => {
  const { facts, out } = folders(t);
  t.match(run('--facts', facts), { status: 2, stderr: /both --facts and --out are needed/ });
  t.match(run('--fact', facts), { status: 2, stderr: /--fact/ });
  t.match(run('--facts', join(facts, 'none'), '--out', out), { status: 1, stderr: /none.tr181-usp\.tsv/ });
  t.match(run('--facts', facts, '--out', join(out, 'none')), { status: 1, stderr: /none.model\.txt/ });
});

t.test('facts that are not understood are named with their line', async (t) => {
  const param = { path: 'Device.A.P', kind: 'param', type: 'string', since: '2.12' };
  const refused: readonly (readonly [fact: Readonly<Record<string, string>>, message: string])[] = [
    [{ type: 'text' }, 'unknown type "text"'],
    [{ kind: 'profile' }, 'unknown kind "profile"'],
    [{ access: 'createOnly' }, 'unknown access "createOnly"'],
    [{ flags: 'secured hidden' }, 'unknown flag "hidden"'],
    [{ since: '1.0' }, 'not a version of Device:2: "1.0"'],
    [{ statusHistory: 'removed@2.13' }, 'unknown status "removed@2.13"'],
    [{ constraint: 'size 3' }, 'unknown constraint "size 3"'],
    [{ constraint: 'len 3..x' }, 'not a list of intervals: "3..x"'],
    [{ constraint: 'items 0..3' }, 'items=..3 on a value that is no list'],
    [{ ref: 'strong row .Nowhere.' }, 'reference to ".Nowhere.", which the model does not have'],
    [{ ref: 'firm row .A.Row.' }, 'unknown reference "firm row .A.Row."'],
    [{ path: 'Device.B.P' }, 'Device.B., which owns it, is not in the table'],
    [{ path: 'Device.A.P()', kind: 'command', type: 'later' }, 'neither sync nor async'],
  ];
  for (const [fact, message] of refused) {
    const { problems } = compileTr181(tables([...usp, { ...param, ...fact }], difference));
    t.same(problems[0], { file: TABLES.usp, line: usp.length + 2, message });
  }
});

t.test('differences that are not understood are named with their line', async (t) => {
  const go = { uspPath: `${row}Go()`, relation: 'param->command' };
  const refused: readonly (readonly [fact: Readonly<Record<string, string>>, message: string])[] = [
    [{ relation: 'renamed', note: 'twice' }, 'unknown relation "renamed" twice'],
    [{ cwmpPath: 'Device.A.', relation: 'cwmp-only' }, 'is in the USP model as well'],
    [{ cwmpPath: 'Device.A.Lost', relation: 'none' }, 'Device.A.Lost has no place in USP'],
    [{ ...go, cwmpPath: 'Device.A.X', note: 'SPV X=true' }, `is not in the object of ${row}Go()`],
    [{ ...go, cwmpPath: `${row}X`, note: 'argument' }, 'unknown trigger "argument"'],
  ];
  for (const [fact, message] of refused) {
    const { problems } = compileTr181(tables(usp, [...difference, fact]));
    t.same(problems[0], { file: TABLES.difference, line: difference.length + 2, message });
  }
});

t.test('with problems the script writes nothing and names file and line', async (t) => {
  const { facts, out } = folders(t);
  const path = join(facts, TABLES.usp);
  writeFileSync(path, `${readFileSync(path, 'utf8')}\nDevice.A.Cut\tparam`);
  const { status, stderr } = run('--facts', facts, '--out', out);
  t.equal(status, 1);
  t.equal(stderr, `${path}:${usp.length + 2}: 2 columns where the header names 15\n`);
  t.same(readdirSync(out), []);
});

t.test('a table of another kind', async (t) => {
  const { problems } = compileTr181({ ...tables(usp, difference), difference: 'name,kind\n' });
  t.same(problems, [
    { file: TABLES.difference, line: 1, message: 'no column named cwmpPath, uspPath, relation, note' },
  ]);
});
