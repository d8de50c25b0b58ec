// One request to one Agent and its answer on the screen: what all USP commands but watch are.
import { findDevice } from '../agents.ts';
import type { Invocation } from '../command.ts';
import { EXIT, type ExitCode, failure, type Result, success } from '../outcome.ts';
import { formatJson } from '../output/json.ts';
import type { Paint } from '../output/paint.ts';
import type { BodyOf, UspBody, UspRequest } from '../../usp/msg.ts';
import type { Settings } from '../settings.ts';
import { openController, REPLACED, replacedText } from './connect.ts';
import { ConnectionClosed } from './connection-errors.ts';
import type { Controller } from './controller.ts';
import { errorReport, type Report } from './report.ts';

export interface Exchange<K extends UspBody['kind']> {
  readonly request: UspRequest;
  readonly answer: K;
  readonly format: (body: BodyOf<K>, paint: Paint) => Report;
  /** Whether it may be carried out although no answer comes. */
  readonly changes: boolean;
}

/** `agent` is what was typed for it. */
export async function exchange<K extends UspBody['kind']>(
  { settings, io }: Invocation,
  agent: string,
  { request, answer, format, changes }: Exchange<K>,
): Promise<Result<ExitCode>> {
  const device = await findDevice(settings, agent);
  if (!device.ok) return device;
  const { endpointId, id } = device.value;
  const answered = await askAgent(settings, endpointId, request);
  if (!answered.ok) {
    const perhaps = changes ? `\nit may be carried out all the same; causeway requests ${id} tells` : '';
    return failure(answered.exit, answered.message + perhaps);
  }
  const body = answered.value;
  if (settings.json) io.out(formatJson({ agent: endpointId, ...body }));
  let report: Report;
  if (body.kind === 'error') report = errorReport(body);
  else if (isAnswer(body, answer)) report = format(body, io.paint);
  else return failure(EXIT.unreachable, `the Agent answered ${request.kind} with ${body.kind}`);
  if (!settings.json) for (const line of report.lines) io.out(line);
  for (const note of report.notes) io.err(io.errPaint.dim(note));
  for (const error of report.errors) io.err(io.errPaint.red(error));
  return success(report.errors.length === 0 ? EXIT.ok : EXIT.partly);
}

const isAnswer = <K extends UspBody['kind']>(body: UspBody, kind: K): body is BodyOf<K> => body.kind === kind;

/** The answer's body, or why none came; by a connection of its own. */
export async function askAgent(settings: Settings, endpointId: string, request: UspRequest): Promise<Result<UspBody>> {
  const opened = await openController(settings, endpointId);
  if (!opened.ok) return opened;
  const answered = await ask(opened.value, endpointId, request, settings.controller);
  void opened.value.close();
  return answered;
}

async function ask(controller: Controller, agent: string, request: UspRequest, own: string): Promise<Result<UspBody>> {
  try {
    return success(await controller.request(agent, request));
  } catch (error) {
    if (error instanceof ConnectionClosed && error.reason === REPLACED) {
      return failure(EXIT.unreachable, replacedText(own));
    }
    return failure(EXIT.unreachable, error instanceof Error ? error.message : String(error));
  }
}
