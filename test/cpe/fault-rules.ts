// Misbehaviour on demand: rules that say how this CPE answers an RPC instead of the truth. Each is something that CPEs
// in the field were seen to do (facts/cwmp-quirks.md).
import { fault, parameterFault, type Fault } from './faults.ts';

export type RuleAnswer =
  /** A fault code: 9000 to 9899. */
  | number
  | { readonly fault: number; readonly parameters: readonly { readonly name: string; readonly code: number }[] }
  /** An empty POST (quirk 10). */
  | 'empty'
  /** Closes the connection. */
  | 'close'
  /** Keeps the connection open and says nothing more, until the ACS closes it. */
  | 'never'
  /** Half of the answer, then it closes the connection. */
  | 'half-body'
  /** The response of another method. */
  | 'wrong-response'
  /** The answer twice in one body (quirk 5). */
  | 'two-envelopes'
  /** Bytes that are no XML. */
  | 'garbage';

export interface FaultRule {
  /**
   * A method; `*` is every RPC of the ACS. One of this CPE's own (`Inform`, `TransferComplete`, …) can be sent half
   * (`half-body`), or be the last thing it says in the session (`close`, `never`).
   */
  readonly method: string;
  /** Only when it names a path for which this holds. */
  readonly when?: (path: string) => boolean;
  readonly answer: RuleAnswer;
  /** The RPC takes effect, and only its answer is spoilt; otherwise nothing happens. */
  readonly executes?: boolean;
  /** How often the rule applies; without it, always. */
  readonly times?: number;
}

export interface FaultRules {
  add(rule: FaultRule): void;
  /** The first rule that applies; it counts as used. */
  find(method: string, paths: readonly string[]): FaultRule | undefined;
  clear(): void;
}

export function createFaultRules(initial: readonly FaultRule[]): FaultRules {
  let rules = initial.map((rule) => ({ rule, left: rule.times ?? Infinity }));
  return {
    add: (rule) => void rules.push({ rule, left: rule.times ?? Infinity }),
    find: (method, paths) => {
      const found = rules.find(
        ({ rule, left }) =>
          left > 0 &&
          (rule.method === method || (rule.method === '*' && !isOwnMethod(method))) &&
          (rule.when === undefined || paths.some(rule.when)),
      );
      if (found !== undefined) found.left -= 1;
      return found?.rule;
    },
    clear: () => {
      rules = [];
    },
  };
}

const isOwnMethod = (method: string): boolean =>
  /^(Inform|TransferComplete|AutonomousTransferComplete|RequestDownload)$/.test(method);

/** The fault that a rule asks for. */
export function faultOf(answer: Exclude<RuleAnswer, string>): Fault {
  if (typeof answer === 'number') return fault(answer);
  return fault(
    answer.fault,
    undefined,
    answer.parameters.map(({ name, code }) => parameterFault(name, code)),
  );
}

/** The name under which an answer is logged. */
export const ruleName = (answer: RuleAnswer): string =>
  typeof answer === 'string' ? answer : `Fault ${typeof answer === 'number' ? answer : answer.fault}`;
