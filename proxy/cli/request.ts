// causeway request: one request with its steps and, where it is kept, its answer.
import type { UspMsg } from '../usp/msg.ts';
import { callApi, fieldOf, listOf, textOf } from './api.ts';
import { type Command, READ_TIMEOUT_MS } from './command.ts';
import { EXIT, misused, success } from './outcome.ts';
import { alignColumns } from './output/columns.ts';
import { formatJson } from './output/json.ts';
import type { Paint } from './output/paint.ts';
import { printable } from './output/printable.ts';
import { statePaint } from './requests.ts';

/** The Msg that the API keeps as base64; undefined when none is kept, or it cannot be read. */
async function answerOf(request: unknown): Promise<UspMsg | undefined> {
  const text = textOf(request, 'answer');
  if (text === '') return undefined;
  // No other command starts slower for the codec.
  const { decodeMsg } = await import('../usp/msg-codec.ts');
  const decoded = decodeMsg(Buffer.from(text, 'base64'));
  return decoded.ok ? decoded.msg : undefined;
}

/** A request as the API describes it → lines. */
function formatRequest(request: unknown, answer: UspMsg | undefined, paint: Paint): readonly string[] {
  const state = textOf(request, 'state');
  const fields = ['device', 'kind', 'state', 'from_id', 'msg_id', 'enqueuedAt', 'deadline', 'endedAt', 'error'];
  const rows = fields.flatMap((name) => {
    const text = printable(textOf(request, name));
    const value = name === 'state' ? { text, paint: statePaint(state, paint) } : text;
    return text === '' ? [] : [[{ text: name, paint: paint.dim }, value]];
  });
  const steps = listOf(request, 'steps').map((step, index) => [
    `step ${index + 1}`,
    printable(textOf(step, 'method')),
    textOf(step, 'at'),
    fieldOf(step, 'answered') === true ? 'answered' : paint.yellow('no answer known'),
  ]);
  return [
    ...alignColumns(rows),
    ...alignColumns(steps),
    ...(answer === undefined ? [] : [paint.dim('answer'), ...formatJson(answer.body).split('\n').map(printable)]),
  ];
}

export const request: Command = {
  kind: 'command',
  name: 'request',
  summary: 'one request: its steps, its outcome, its answer',
  operands: [{ name: 'id' }],
  options: {},
  speaksUsp: false,
  timeoutMs: READ_TIMEOUT_MS,
  detail: [
    'The id is the one that causeway requests shows. Outcomes are kept for 10 minutes; answers only of requests that\n' +
      'changed something. With --json the answer is the decoded Msg.',
  ],
  examples: [{ line: 'request 02C0DE-Router-T0001:ABCDEFGHIJKLMNOPQRST', what: 'that request' }],
  async run({ operands: [id = ''], settings, io }) {
    const found = await callApi(settings, `/requests/${encodeURIComponent(id)}`);
    if (found.ok !== true) return found.ok === false ? found : misused(found.message);
    const answer = await answerOf(found.value);
    if (settings.json) io.out(formatJson({ ...Object(found.value), answer: answer ?? null }));
    else for (const line of formatRequest(found.value, answer, io.paint)) io.out(line);
    return success(EXIT.ok);
  },
};
