// causeway files: firmware and configuration for CPEs, and what they have uploaded.
import type { Group } from '../command.ts';
import { add } from './add.ts';
import { list } from './list.ts';
import { remove } from './remove.ts';
import { uploadUrl } from './upload-url.ts';
import { url } from './url.ts';

export const files: Group = {
  kind: 'group',
  name: 'files',
  summary: 'firmware and configuration for CPEs, and what they have uploaded',
  detail: [
    'A file has an id, which causeway files list shows. CPEs load it, or bring one, under a URL that is made for that: it\n' +
      'lets in whoever has it, until it expires or is used up.',
  ],
  commands: [list, add, url, uploadUrl, remove],
};
