// causeway map: the rules that show TR-098 devices as Device:2, looked at from outside.
import type { Group } from '../command.ts';
import { coverage } from './coverage.ts';
import { explain } from './explain.ts';
import { test } from './test.ts';

export const map: Group = {
  kind: 'group',
  name: 'map',
  summary: 'how TR-098 devices are shown as Device:2',
  detail: [
    'Devices with the root InternetGatewayDevice. are shown as Device:2 by the rules of mappings/tr098/. These commands tell\n' +
      'what the rules make of a device; mappings/README.md says how rules are written.',
  ],
  commands: [explain, coverage, test],
};
