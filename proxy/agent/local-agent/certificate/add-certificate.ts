// LocalAgent.AddCertificate() and Controller.{i}.AddMyCertificate(): a certificate becomes a row. It opens no door by that: who
// gets past TLS is decided by the settings (`http.tls.ca`) and by rows of the template, what role it gives by a Credential.
import { lastNameOf } from '../../../path/concrete.ts';
import { codes } from '../../../usp/codes.ts';
import type { CommandFailure, OutputArgs } from '../../../usp/messages/operate.ts';
import { CONTROLLER_TABLE } from '../controller/controller-table.ts';
import { referencesOf } from '../controller-trust/paths.ts';
import { aliasProblem, type LocalCommand, type LocalProblem, type LocalRows } from '../definition.ts';
import { CERTIFICATE_TABLE, DER } from './certificate.ts';
import { readCertificatePem } from './read-certificate.ts';

/** The arguments of both commands, and the values of a row of the template. */
export interface GivenCertificate {
  readonly Alias: string | undefined;
  /** PEM. */
  readonly Certificate: string;
  /** An Endpoint ID that it must name. */
  readonly of?: string;
  /** The whole certificate is kept, not its fingerprints alone. */
  readonly isKept?: boolean;
}

const wrong = (parameter: string, why: string): LocalProblem => ({
  code: codes.invalidCommandArguments,
  why,
  parameter,
});

export function addCertificate(
  local: Pick<LocalRows, 'insert' | 'now'>,
  { Alias, Certificate, of, isKept = false }: GivenCertificate,
): { readonly path: string } | LocalProblem {
  const alias = Alias === undefined ? undefined : aliasProblem(Alias);
  if (alias !== undefined) return wrong('Alias', alias.why);
  const read = readCertificatePem(Certificate);
  if (!read.ok) return wrong('Certificate', read.why);
  const { SerialNumber, Issuer, fingerprints, endpointIds, der } = read.facts;
  if (of !== undefined && !endpointIds.includes(of)) {
    return wrong('Certificate', `the certificate does not name ${of} (urn:bbf:usp:id:…)`);
  }
  const values = {
    SerialNumber,
    Issuer,
    ...fingerprints,
    ...(Alias !== undefined && { Alias }),
    ...(isKept && { [DER]: der }),
  };
  return local.insert(CERTIFICATE_TABLE, values, { controllerPath: '', now: local.now });
}

const INPUTS = [
  { name: 'Alias', mandatory: false },
  { name: 'Certificate', mandatory: true },
] as const;

const DONE: OutputArgs = { kind: 'req_output_args', output_args: new Map() };

/** Of a command that is refused for a row that is there already there is no better code. */
const failed = ({ code, why }: LocalProblem): CommandFailure => ({
  kind: 'cmd_failure',
  err_code: code === codes.duplicateKey ? codes.commandFailure : code,
  err_msg: why,
});

const givenIn = (args: ReadonlyMap<string, string>): GivenCertificate => ({
  Alias: args.get('Alias'),
  Certificate: args.get('Certificate') ?? '',
});

export const ADD_CERTIFICATE: LocalCommand = {
  name: 'AddCertificate()',
  type: 'SYNC',
  inputs: INPUTS,
  outputs: [],
  run: ({ local, args }) => {
    const added = addCertificate(local, givenIn(args));
    return 'path' in added ? DONE : failed(added);
  },
};

/** A Controller's own certificate: nobody else brings it, and it names the Controller (R-SEC.10). */
export const ADD_MY_CERTIFICATE: LocalCommand = {
  name: 'AddMyCertificate()',
  type: 'SYNC',
  inputs: INPUTS,
  outputs: [],
  run: ({ local, object, args, from_id }) => {
    const row = local.valuesOf(CONTROLLER_TABLE, Number(lastNameOf(object)));
    if (row?.['EndpointID'] !== from_id) {
      return failed({ code: codes.permissionDenied, why: 'only the Controller itself brings its certificate' });
    }
    const added = addCertificate(local, { ...givenIn(args), of: from_id });
    if (!('path' in added)) return failed(added);
    const own = [...referencesOf(row['Credential'] ?? ''), added.path.replace(/\.$/, '')];
    const problem = local.change(object, { Credential: own.join(',') });
    return problem === undefined ? DONE : failed(problem);
  },
};
