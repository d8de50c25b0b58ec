// After a crash: halves are swept away, whole files stay, what is not ours is left alone and told.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { blobFolder, store } from './folder.ts';

const ID = 'ABCDEFGHIJKLMNOPQRST';

t.test('what a crash may leave', async (t) => {
  const folder = blobFolder(t);
  const before = await folder.open();
  const blob = await store(before, Buffer.from('whole'));
  await before.close();
  // In the order of their coming: the body, the body whole, its JSON half; and a file of which the JSON is gone already.
  const halves = [`${ID}.part`, ID.replace('A', 'B'), `${ID.replace('A', 'C')}.json.part`];
  for (const half of halves) writeFileSync(join(folder.path, half), 'half');
  writeFileSync(join(folder.path, `${ID.replace('A', 'D')}.json`), '{}');
  const blobs = await folder.open({ totalBytes: 6 });
  t.same(await blobs.list(), [blob]);
  t.equal(folder.events.length, 4);
  t.ok(folder.events.every(({ kind }) => kind === 'half a file removed'));
  t.same(
    readdirSync(folder.path)
      .filter((file) => !file.startsWith('lock-'))
      .sort(),
    [blob.id, `${blob.id}.json`],
  );
  t.equal(await blobs.refusal(1), undefined, 'what was swept takes no room');
  t.equal(await blobs.refusal(2), 'total-full');
});

t.test('what is not ours, or not readable, is left alone', async (t) => {
  const folder = blobFolder(t);
  const before = await folder.open();
  const [cut, foreign, newer] = [
    await store(before, Buffer.from('cut')),
    await store(before, Buffer.from('foreign')),
    await store(before, Buffer.from('newer')),
  ];
  await before.close();
  writeFileSync(join(folder.path, cut.id), 'c');
  writeFileSync(join(folder.path, `${foreign.id}.json`), 'null');
  const json = join(folder.path, `${newer.id}.json`);
  writeFileSync(json, readFileSync(json, 'utf8').replace('"v":1', '"v":3'));
  writeFileSync(join(folder.path, 'README'), 'mine');
  const blobs = await folder.open();
  t.same(await blobs.list(), []);
  t.same(
    folder.events.map(({ kind }) => kind),
    ['left alone', 'left alone', 'left alone'],
  );
  for (const file of [cut.id, foreign.id, newer.id, 'README']) t.ok(existsSync(join(folder.path, file)), file);
});
