// Device.LocalAgent.Controller.{i}.E2ESession.: whether and how this Agent exchanges Records with a Controller in a Session
// Context. Where nobody says otherwise it uses one when the Controller begins it.
import { lastNameOf, parentOf, rowOf } from '../../../path/concrete.ts';
import { codes } from '../../../usp/codes.ts';
import {
  type ContextFacts,
  type LocalCommand,
  type LocalFacts,
  type LocalObject,
  type LocalProblem,
  oneOf,
  parameter,
  UNSIGNED,
  within,
} from '../definition.ts';
import type { LocalAgent } from '../local-agent.ts';
import type { Rows } from '../rows.ts';
import { controllerNumber } from './controller.ts';
import { CONTROLLER_TABLE } from './controller-table.ts';
import { RETRY_PARAMETERS } from './retry-parameters.ts';

/** What a Controller's row says of its Session Contexts. Durations in milliseconds, sizes in bytes. */
export interface SessionPolicy {
  readonly mode: 'Require' | 'Allow' | 'Forbid';
  /** 0: never. */
  readonly expirationMs: number;
  readonly retry: { readonly minimumMs: number; readonly multiplier: number };
  /** Largest Record that is sent; 0: as large as it comes. */
  readonly maxRecordBytes: number;
  /** -1: always. */
  readonly maxRetransmits: number;
}

/** As the model has it. */
export const STANDARD_POLICY: SessionPolicy = {
  mode: 'Allow',
  expirationMs: 0,
  retry: { minimumMs: 5000, multiplier: 2000 },
  maxRecordBytes: 0,
  maxRetransmits: 0,
};

const SECOND = 1000;
const OBJECT = 'E2ESession.';
/** The smallest MaxUSPRecordSize that there may be. */
const SMALLEST_RECORD = 512;

const NOT_HERE = 'this Controller has no connection to this Agent here';
const NO_CONTEXTS: ContextFacts = { statusOf: () => 'Down', retriesOf: () => 0, reset: () => false };

/** Of an E2ESession object: the Endpoint ID of its Controller. */
function controllerOf(facts: LocalFacts, object: string): string {
  const row = parentOf(object);
  return facts.valuesOf(parentOf(row), Number(lastNameOf(row)))?.['EndpointID'] ?? '';
}

function checkRecordSize(value: string): LocalProblem | undefined {
  return value === '0' || Number(value) >= SMALLEST_RECORD
    ? undefined
    : { code: codes.invalidValue, why: `0, or ${SMALLEST_RECORD} or more` };
}

/** TLS of the payload is another layer below the Msgs, which this Agent has not. */
function checkSecurity(value: string): LocalProblem | undefined {
  return value === 'Plaintext' ? undefined : { code: codes.invalidValue, why: 'only Plaintext is supported' };
}

const RESET: LocalCommand = {
  name: 'Reset()',
  type: 'SYNC',
  inputs: [],
  outputs: [],
  run({ local, object }) {
    const { contexts = NO_CONTEXTS } = local.settings;
    const controller = controllerOf(local, object);
    return contexts.reset(local.record, controller)
      ? { kind: 'req_output_args', output_args: new Map() }
      : { kind: 'cmd_failure', err_code: codes.commandFailure, err_msg: NOT_HERE };
  },
};

export const E2E_SESSION: LocalObject = {
  path: `${CONTROLLER_TABLE}{i}.${OBJECT}`,
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  parameters: [
    parameter('SessionMode', {
      access: 'readWrite',
      initial: STANDARD_POLICY.mode,
      check: oneOf(['Require', 'Allow', 'Forbid']),
    }),
    parameter('Status', {
      valueChange: 'WILL_IGNORE',
      made: (facts, _row, path) =>
        (facts.settings.contexts ?? NO_CONTEXTS).statusOf(facts.record, controllerOf(facts, parentOf(path))),
    }),
    parameter('SessionExpiration', { access: 'readWrite', type: UNSIGNED, initial: '0' }),
    ...RETRY_PARAMETERS,
    parameter('CurrentRetryCount', {
      type: UNSIGNED,
      valueChange: 'WILL_IGNORE',
      made: (facts, _row, path) =>
        String((facts.settings.contexts ?? NO_CONTEXTS).retriesOf(facts.record, controllerOf(facts, parentOf(path)))),
    }),
    parameter('MaxUSPRecordSize', { access: 'readWrite', type: UNSIGNED, initial: '0', check: checkRecordSize }),
    parameter('MaxRetransmitTries', {
      access: 'readWrite',
      type: { base: 'int' },
      initial: String(STANDARD_POLICY.maxRetransmits),
      check: within(-1, 10),
    }),
    parameter('PayloadSecurity', { access: 'readWrite', initial: 'Plaintext', check: checkSecurity }),
  ],
  events: [],
  commands: [RESET],
};

const isSession = (table: string): boolean => table.endsWith(`.${OBJECT}`);
const says = ({ tables }: Rows): boolean => Object.keys(tables).some(isSession);
/** Templates that say anything of Session Contexts: hardly any do, and they are asked for each Msg. */
const knownTemplates = new WeakMap<Rows, boolean>();

function templateSays(template: Rows): boolean {
  const known = knownTemplates.get(template);
  if (known !== undefined) return known;
  const found = says(template);
  knownTemplates.set(template, found);
  return found;
}

/** Whether anybody has said anything of Session Contexts, in a template or in a device's own rows as they are stored. */
export const mentionsSessions = (template: Rows, own: string): boolean =>
  templateSays(template) || own.includes(`.${OBJECT}`);

/** What counts between this Agent and a Controller. */
export function sessionPolicyOf(local: LocalAgent, endpointId: string): SessionPolicy {
  if (!templateSays(local.under) && !says(local.own)) return STANDARD_POLICY;
  const number = controllerNumber(local, endpointId);
  return number === undefined ? STANDARD_POLICY : policyOfRow(local, number);
}

function policyOfRow(local: LocalAgent, number: number): SessionPolicy {
  const read = local.reader(`${rowOf(CONTROLLER_TABLE, number)}${OBJECT}`);
  const count = (name: string): number => Number(read?.(name) ?? 0);
  const mode = read?.('SessionMode');
  return {
    mode: mode === 'Require' || mode === 'Forbid' ? mode : 'Allow',
    expirationMs: count('SessionExpiration') * SECOND,
    retry: {
      minimumMs: count('SessionRetryMinimumWaitInterval') * SECOND,
      multiplier: count('SessionRetryIntervalMultiplier'),
    },
    maxRecordBytes: count('MaxUSPRecordSize'),
    maxRetransmits: count('MaxRetransmitTries'),
  };
}

/** Controllers of which the device itself says something here, with what counts for them: after a change of its rows. */
export function ownSessionPolicies(local: LocalAgent): ReadonlyMap<string, SessionPolicy> {
  const policies = new Map<string, SessionPolicy>();
  for (const table of Object.keys(local.own.tables).filter(isSession)) {
    const number = Number(lastNameOf(parentOf(table)));
    const endpointId = local.valuesOf(CONTROLLER_TABLE, number)?.['EndpointID'];
    if (endpointId !== undefined) policies.set(endpointId, policyOfRow(local, number));
  }
  return policies;
}
