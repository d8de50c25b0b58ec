// One RPC of the ACS: read, judged by the fault rules, done by the device, and what goes back.
import { fault } from './faults.ts';
import { faultOf, ruleName, type FaultRules, type RuleAnswer } from './fault-rules.ts';
import { rpcs } from './rpcs/all.ts';
import type { Device } from './rpcs/rpc.ts';
import type { Envelope } from './soap-read.ts';
import type { Body } from './soap-write.ts';
import type { Voice } from './voice.ts';

/** What goes back to the ACS. */
export type Reply =
  | { readonly kind: 'envelope'; readonly text: string }
  | { readonly kind: 'half'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'close' }
  | { readonly kind: 'never' };

export interface Dispatched {
  readonly method: string;
  readonly args: unknown;
  /** As the log names it. */
  readonly answer: string;
  readonly reply: Reply;
}

export async function answerRpc(
  envelope: Envelope,
  device: Device,
  rules: FaultRules,
  voice: Voice,
): Promise<Dispatched> {
  const method = envelope.content.local;
  const known = device.methods.includes(method) ? rpcs.get(method) : undefined;
  const call = known?.read(envelope.content) ?? fault(9000);
  const isReadable = !('kind' in call);
  const args = isReadable ? call.args : undefined;
  const rule = rules.find(method, isReadable ? call.paths : []);
  if (rule === undefined && known === undefined && device.dialect.unsupported.get(method) === 'empty') {
    return { method, args, answer: 'empty', reply: { kind: 'empty' } };
  }
  const executes = rule === undefined || rule.executes === true;
  const answer = isReadable && executes ? await call.answer(device) : isReadable ? fault(9002) : call;
  const body: Body =
    answer.kind === 'fault' ? answer : { kind: 'rpc', name: `${method}Response`, content: answer.content };
  const write = (what: Body): string => voice.answer(what, envelope.id);
  if (rule !== undefined)
    return { method, args, answer: ruleName(rule.answer), reply: spoil(rule.answer, body, write) };
  const name = body.kind === 'fault' ? `Fault ${body.code}` : body.name;
  return { method, args, answer: name, reply: { kind: 'envelope', text: write(body) } };
}

function spoil(answer: RuleAnswer, truth: Body, write: (body: Body) => string): Reply {
  if (typeof answer !== 'string') return { kind: 'envelope', text: write(faultOf(answer)) };
  switch (answer) {
    case 'empty':
    case 'close':
    case 'never':
      return { kind: answer };
    case 'half-body':
      return { kind: 'half', text: write(truth) };
    case 'two-envelopes':
      return { kind: 'envelope', text: write(truth) + write(truth) };
    case 'garbage':
      return { kind: 'envelope', text: '\u0002 <<<&&& no XML at all' };
    case 'wrong-response': {
      const isReboot = truth.kind === 'rpc' && truth.name === 'RebootResponse';
      const name = isReboot ? 'FactoryResetResponse' : 'RebootResponse';
      return { kind: 'envelope', text: write({ kind: 'rpc', name, content: [] }) };
    }
  }
}
