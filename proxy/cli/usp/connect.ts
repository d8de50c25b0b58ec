// A Controller for one command: connected to one Agent's own resource, or why it is not.
import { refusedWith, unreachable } from '../api.ts';
import { EXIT, type Failure, failure, type Result, success } from '../outcome.ts';
import type { Settings } from '../settings.ts';
import { ConnectionRefused } from './connection-errors.ts';
import type { Controller } from './controller.ts';

/** What the gateway closes a connection with when the same Controller opens another of the same kind (R-WS.4). */
export const REPLACED = 'replaced';

export const replacedText = (controller: string): string =>
  `another connection to this Agent has come as ${controller}; give one of the two a --controller of its own`;

function whyNot(gateway: string, error: unknown): Failure {
  if (!(error instanceof ConnectionRefused)) return unreachable(gateway, error);
  if (error.status === 404 && error.reason === 'unknown-agent') {
    return failure(EXIT.usage, 'the gateway knows no such Agent any more');
  }
  return refusedWith(gateway, error.status, error.reason);
}

/** `agent`: Endpoint ID of the one Agent; undefined for a connection to all. */
export async function openController(settings: Settings, agent: string | undefined): Promise<Result<Controller>> {
  const { gateway, controller, token, tenant, timeoutMs } = settings;
  // WebSocket and codec take a third of the time in which a command starts; most commands need neither.
  const { Controller: Connecting } = await import('./controller.ts');
  try {
    const opened = await Connecting.connect({
      url: gateway.replace(/^http/, 'ws'),
      controller,
      timeoutMs,
      ...(agent === undefined ? {} : { agent }),
      ...(token === undefined ? {} : { token }),
      ...(tenant === undefined ? {} : { tenant }),
    });
    return success(opened);
  } catch (error) {
    return whyNot(gateway, error);
  }
}
