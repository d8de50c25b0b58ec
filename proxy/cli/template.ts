// causeway template show, add, set, delete: what every Agent of a tenant starts from, by the REST API.
import { callApi, fieldOf, listOf, textOf } from './api.ts';
import { type Command, type Group, type Invocation, READ_TIMEOUT_MS } from './command.ts';
import { EXIT, type ExitCode, misused, type Result, success } from './outcome.ts';
import { formatJson } from './output/json.ts';
import { printable } from './output/printable.ts';
import { readParameters, readUpdates } from './usp/assignments.ts';

const common = { kind: 'command', options: {}, speaksUsp: false, timeoutMs: READ_TIMEOUT_MS } as const;

/** One line a value, as `causeway usp get` has it. */
function linesOf(template: unknown): readonly string[] {
  const objects = fieldOf(template, 'objects');
  if (typeof objects !== 'object' || objects === null) return [];
  return Object.entries(objects).flatMap(([path, values]: [string, unknown]) =>
    values === null
      ? [`${printable(path)} deleted`]
      : Object.keys(values as object).map((name) => `${printable(path + name)} = ${printable(textOf(values, name))}`),
  );
}

async function change({ settings, io }: Invocation, changes: readonly unknown[]): Promise<Result<ExitCode>> {
  const answer = await callApi(settings, '/template', 'PATCH', { changes });
  if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
  if (settings.json) io.out(formatJson(answer.value));
  else {
    for (const path of listOf(answer.value, 'created')) io.out(printable(String(path)));
    io.err(`the template is of version ${textOf(answer.value, 'version')} now`);
  }
  return success(EXIT.ok);
}

const valuesOf = (settings: readonly { readonly param: string; readonly value: string }[]): Record<string, string> =>
  Object.fromEntries(settings.map(({ param, value }) => [param, value]));

const show: Command = {
  ...common,
  name: 'show',
  summary: 'shows the template',
  operands: [],
  detail: ['One line a value; --json shows the version and, as a PUT of the API takes them, the objects.'],
  examples: [{ line: 'template show', what: 'all of it' }],
  async run({ settings, io }) {
    const answer = await callApi(settings, '/template');
    if (answer.ok !== true) return answer.ok === false ? answer : misused(answer.message);
    const lines = linesOf(answer.value);
    if (settings.json) io.out(formatJson(answer.value));
    else if (lines.length === 0) io.err('the template is empty');
    else for (const line of lines) io.out(line);
    return success(EXIT.ok);
  },
};

const add: Command = {
  ...common,
  name: 'add',
  summary: 'adds a row to every Agent',
  operands: [{ name: 'table' }, { name: 'param=value', optional: true, many: true }],
  detail: [
    'Values are checked as those of an Add are. Recipient of a Subscription is the Endpoint ID of a Controller of the\n' +
      'template. ValueChange of parameters of the CPE is armed on each device when it next informs.',
  ],
  examples: [
    {
      line:
        'template add Device.LocalAgent.Controller. EndpointID=proto::nms Enable=true ' +
        'AssignedRole=Device.LocalAgent.ControllerTrust.Role.1',
      what: 'a Controller that may do everything (Role.1; Role.2 reads only, and without a role it may do nothing)',
    },
    {
      line:
        'template add Device.LocalAgent.Subscription. Recipient=proto::nms ID=boot NotifType=Event ' +
        'ReferenceList=Device.Boot! Enable=true',
      what: 'which is told of every boot of every device',
    },
  ],
  async run(invocation) {
    const [table = '', ...texts] = invocation.operands;
    const values = readParameters(texts, true);
    return values.ok ? change(invocation, [{ add: table, values: valuesOf(values.value) }]) : values;
  },
};

const set: Command = {
  ...common,
  name: 'set',
  summary: 'changes values of rows of every Agent',
  operands: [{ name: 'path=value', many: true }],
  detail: ['What a device has changed itself stays as it is there.'],
  examples: [{ line: 'template set Device.LocalAgent.Subscription.1.Enable=false', what: 'tells nobody any more' }],
  async run(invocation) {
    const updates = readUpdates(invocation.operands, true);
    if (!updates.ok) return updates;
    const changes = updates.value.map(({ obj_path, param_settings }) => ({
      set: obj_path,
      values: valuesOf(param_settings),
    }));
    return change(invocation, changes);
  },
};

const remove: Command = {
  ...common,
  name: 'delete',
  summary: 'deletes rows of every Agent',
  operands: [{ name: 'row', many: true }],
  detail: ['With a Controller go its Subscriptions.'],
  examples: [{ line: 'template delete Device.LocalAgent.Subscription.1.', what: 'that one' }],
  run: (invocation) =>
    change(
      invocation,
      invocation.operands.map((row) => ({ delete: row })),
    ),
};

export const template: Group = {
  kind: 'group',
  name: 'template',
  summary: 'Controllers, Subscriptions and roles that every Agent starts from',
  commands: [show, add, set, remove],
  detail: [
    'Rows 1 to 9,999 of Device.LocalAgent. of a tenant; what a device changes or deletes itself counts before them.',
  ],
};
