// Device.LocalAgent.ControllerTrust.Role.{i}.: a name for what its Permissions allow. Controllers have roles by reference
// (AssignedRole), or by this name in their credential (InheritedRole).
import { lastNameOf, rowOf } from '../../../path/concrete.ts';
import { CONTROLLER_TABLE } from '../controller/controller-table.ts';
import {
  ALIAS,
  BOOLEAN,
  type LocalFacts,
  type LocalObject,
  numberOfEntries,
  parameter,
  type Release,
  text,
} from '../definition.ts';
import { guardRole } from './keep-full-access.ts';
import { CHALLENGE_TABLE, CREDENTIAL_TABLE, referencesOf, ROLE_TABLE, roleReference, TRUST } from './paths.ts';

const TRUST_REFERENCES = ['UntrustedRole', 'BannedRole', 'SecuredRoles'];

/** Strong references end with the role (R-ARC.12): who had it has it no more. */
function releases(facts: LocalFacts, role: string): readonly Release[] {
  const gone = roleReference(Number(lastNameOf(role)));
  const without = (object: string, name: string): readonly Release[] => {
    const references = referencesOf(facts.read(object + name) ?? '');
    if (!references.includes(gone)) return [];
    return [{ object, values: { [name]: references.filter((reference) => reference !== gone).join(',') } }];
  };
  const rowsOf = (table: string): readonly string[] => facts.rowsOf(table).map((number) => rowOf(table, number));
  return [
    ...TRUST_REFERENCES.flatMap((name) => without(TRUST, name)),
    ...rowsOf(CONTROLLER_TABLE).flatMap((controller) => without(controller, 'AssignedRole')),
    ...rowsOf(CREDENTIAL_TABLE).flatMap((credential) => without(credential, 'Role')),
    ...rowsOf(CHALLENGE_TABLE).flatMap((challenge) => without(challenge, 'Role')),
  ];
}

export const ROLE: LocalObject = {
  path: `${ROLE_TABLE}{i}.`,
  creatable: true,
  deletable: true,
  uniqueKeys: [
    { functional: true, names: ['Name'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    ALIAS,
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('Name', { access: 'readWrite', type: text(64) }),
    numberOfEntries('PermissionNumberOfEntries', 'Permission'),
  ],
  events: [],
  // A functional key that nobody gave is the Agent's to choose (R-ADD.5).
  complete: (row, { freeName }) => (row['Name'] === '' ? { ...row, Name: freeName('Name') } : row),
  releases,
  guard: guardRole,
  cap: () => 1000,
};
