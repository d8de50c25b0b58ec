// Device.LocalAgent.ControllerTrust.Challenge.{i}.: what a Controller is asked before it gets the Role of the row. Its Value
// is written and compared, and read by nobody, whatever his roles.
import { codes } from '../../../usp/codes.ts';
import {
  ALIAS,
  BOOLEAN,
  LIST,
  type LocalObject,
  type LocalProblem,
  oneOf,
  parameter,
  text,
  UNSIGNED,
  within,
} from '../definition.ts';
import { CHALLENGE_TABLE, checkRoles } from './paths.ts';

/** Octets. Templates are read with every Inform. */
const LONGEST_VALUE = 1024;
const LONGEST_INSTRUCTION = 16_384;
const TEXT = 'text/plain';

const binary = (
  maximum: number,
): { readonly base: 'base64'; readonly lengths: readonly [{ readonly maximum: number }] } => ({
  base: 'base64',
  lengths: [{ maximum }],
});

const checkValueType = (value: string): LocalProblem | undefined =>
  value === TEXT
    ? undefined
    : {
        code: codes.invalidValue,
        why: `a Passphrase is ${TEXT}: nothing else can be compared with what a person says`,
      };

export const CHALLENGE: LocalObject = {
  path: `${CHALLENGE_TABLE}{i}.`,
  creatable: true,
  deletable: true,
  uniqueKeys: [{ functional: false, names: ['Alias'] }],
  parameters: [
    ALIAS,
    parameter('Description', { access: 'readWrite', type: text(256) }),
    parameter('Role', { access: 'readWrite', type: LIST, isReference: true, check: checkRoles }),
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('Type', { access: 'readWrite', initial: 'Passphrase', check: oneOf(['Passphrase']) }),
    parameter('Value', {
      access: 'readWrite',
      type: binary(LONGEST_VALUE),
      secured: true,
      valueChange: 'WILL_IGNORE',
      made: () => '',
    }),
    parameter('ValueType', { access: 'readWrite', initial: TEXT, check: checkValueType }),
    parameter('Instruction', { access: 'readWrite', type: binary(LONGEST_INSTRUCTION) }),
    parameter('InstructionType', {
      access: 'readWrite',
      initial: TEXT,
      check: oneOf([TEXT, 'image/jpeg', 'text/html']),
    }),
    // A number of tries there must be (R-SEC.16), and the model has none.
    parameter('Retries', { access: 'readWrite', type: UNSIGNED, initial: '5' }),
    parameter('LockoutPeriod', { access: 'readWrite', type: { base: 'int' }, initial: '30', check: within(0) }),
  ],
  events: [],
  cap: () => 16,
};
