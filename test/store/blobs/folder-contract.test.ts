// What holds for files wherever they are kept, in a folder.
import t from 'tap';
import { blobsContract } from './contract.ts';
import { blobFolder } from './folder.ts';

await blobsContract(t, (t) => {
  const folder = blobFolder(t);
  return (_, limits) => folder.open(limits);
});
