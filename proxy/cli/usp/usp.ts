// causeway usp: the commands that speak USP.
import type { Group } from '../command.ts';
import { DEFAULT_CONTROLLER } from '../settings.ts';
import { add } from './add.ts';
import { deleteCommand } from './delete.ts';
import { get } from './get.ts';
import { instances } from './instances.ts';
import { operate } from './operate.ts';
import { set } from './set.ts';
import { supported } from './supported.ts';
import { watch } from './watch.ts';

export const usp: Group = {
  kind: 'group',
  name: 'usp',
  summary: 'a USP Controller (TR-369) on the command line',
  detail: [
    'An <agent> is an Endpoint ID (ops::02C0DE-Router-T0001), a device id (02C0DE-Router-T0001), or the beginning or end\n' +
      'of one that no other device has, such as the serial number. causeway devices lists them.',
    `The commands speak over WebSocket as ${DEFAULT_CONTROLLER}, which becomes a row of Device.LocalAgent.Controller.`,
  ],
  commands: [get, set, add, deleteCommand, operate, instances, supported, watch],
};
