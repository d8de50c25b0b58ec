// Puts three files, of which the second is larger than the limit under which this is started: `node limited-putter.js
// <folder>`. Prints what became of each as JSON.
import { systemRandomness } from '../../../proxy/operate/clock.ts';
import { openBlobFolder } from '../../../proxy/store/blobs/directory.ts';
import { ABOUT, bodyOf } from './folder.ts';

const [folder = ''] = process.argv.slice(2);
const blobs = await openBlobFolder({
  folder,
  maxBytes: 1 << 30,
  totalBytes: 1 << 30,
  now: Date.now,
  randomness: systemRandomness,
});
const told: string[] = [];
for (const size of [60_000, 200_000, 60_000]) {
  const put = await blobs.put(bodyOf(Buffer.alloc(size)), ABOUT);
  told.push(put.kind === 'refused' ? put.reason : put.kind);
}
await blobs.close();
console.log(JSON.stringify(told));
