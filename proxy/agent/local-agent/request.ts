// Device.LocalAgent.Request.{i}. (R-OPR.0): commands that go on. Its rows are the device's operations; one that ends is
// told by OperationComplete, and its row is gone.
import { lastNameOf } from '../../path/concrete.ts';
import { ALIAS, aliasFor, type LocalObject, parameter } from './definition.ts';

export const REQUEST: LocalObject = {
  path: 'Device.LocalAgent.Request.{i}.',
  creatable: false,
  deletable: false,
  uniqueKeys: [
    { functional: true, names: ['Originator', 'Command', 'CommandKey'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    { ...ALIAS, access: 'readOnly' },
    parameter('Originator'),
    parameter('Command'),
    parameter('CommandKey'),
    parameter('Status'),
  ],
  events: [],
  commands: [
    {
      name: 'Cancel()',
      type: 'SYNC',
      inputs: [],
      outputs: [],
      run: ({ operations, object }) => operations.cancel(Number(lastNameOf(object))),
    },
  ],
  computed: {
    numbers: ({ record }) => record.operations.map(({ number }) => number),
    values: ({ record }, number) => {
      const found = record.operations.find((operation) => operation.number === number);
      if (found === undefined) return undefined;
      const { originator, command, command_key, status } = found;
      const Alias = aliasFor(number);
      return { Alias, Originator: originator, Command: command, CommandKey: command_key, Status: status };
    },
  },
};
