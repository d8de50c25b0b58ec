// Device.LocalAgent.Certificate.{i}.: certificates that Credentials and Controllers refer to. Rows come by AddCertificate()
// and go by Delete(). Stored beside the parameters are fingerprints, each under the name of its algorithm: they are
// small, and say which certificate it is that somebody shows.
import { lastNameOf, rowOf } from '../../../path/concrete.ts';
import { codes } from '../../../usp/codes.ts';
import { CONTROLLER_TABLE } from '../controller/controller-table.ts';
import { CREDENTIAL_TABLE, referencesOf } from '../controller-trust/paths.ts';
import {
  ALIAS,
  BOOLEAN,
  type LocalCommand,
  type LocalFacts,
  type LocalObject,
  type LocalProblem,
  parameter,
  type Release,
  text,
} from '../definition.ts';
import { FINGERPRINT_ALGORITHMS, isFingerprintAlgorithm } from './read-certificate.ts';

export const CERTIFICATE_TABLE = 'Device.LocalAgent.Certificate.';
const MOST_CERTIFICATES = 64;
/** The certificate itself in base64, in rows of a template: there it lets Controllers in (`trust.ts`). */
export const DER = 'DER';

export const certificateReference = (number: number): string => `${CERTIFICATE_TABLE}${number}`;

/** What is stored of the certificate that a reference names, unless it is switched off. */
export function fingerprintReferred(facts: Pick<LocalFacts, 'valuesOf'>, reference: string): string | undefined {
  const row = facts.valuesOf(CERTIFICATE_TABLE, numberIn(reference));
  return row?.['Enable'] === 'true' ? row['SHA-256'] : undefined;
}

const numberIn = (reference: string): number =>
  reference.startsWith(CERTIFICATE_TABLE) ? Number(reference.slice(CERTIFICATE_TABLE.length).replace(/\.$/, '')) : 0;

/** References to certificates that are there (strong, R-ARC.12). */
export function checkCertificates(value: string, _row: unknown, facts: LocalFacts): LocalProblem | undefined {
  const missing = referencesOf(value).find(
    (reference) => facts.valuesOf(CERTIFICATE_TABLE, numberIn(reference)) === undefined,
  );
  return missing === undefined ? undefined : { code: codes.invalidValue, why: `there is no certificate ${missing}` };
}

const DELETE: LocalCommand = {
  name: 'Delete()',
  type: 'SYNC',
  inputs: [],
  outputs: [],
  run: ({ local, object }) => {
    local.remove(object);
    return { kind: 'req_output_args', output_args: new Map() };
  },
};

const GET_FINGERPRINT: LocalCommand = {
  name: 'GetFingerprint()',
  type: 'SYNC',
  inputs: [{ name: 'FingerprintAlgorithm', mandatory: true }],
  outputs: ['Fingerprint'],
  run: ({ local, object, args }) => {
    const algorithm = args.get('FingerprintAlgorithm') ?? '';
    const row = local.valuesOf(CERTIFICATE_TABLE, Number(lastNameOf(object)));
    const Fingerprint = isFingerprintAlgorithm(algorithm) ? row?.[algorithm] : undefined;
    if (Fingerprint !== undefined) {
      return { kind: 'req_output_args', output_args: new Map([['Fingerprint', Fingerprint]]) };
    }
    const err_msg = `FingerprintAlgorithm is one of ${FINGERPRINT_ALGORITHMS.join(', ')}`;
    return { kind: 'cmd_failure', err_code: codes.invalidCommandArguments, err_msg };
  },
};

/** A Credential of a certificate that is gone gives nobody anything: it goes, too. */
function credentialsOf(facts: LocalFacts, certificate: string): readonly string[] {
  const gone = certificateReference(Number(lastNameOf(certificate)));
  return facts
    .rowsOf(CREDENTIAL_TABLE)
    .filter((number) => referencesOf(facts.valuesOf(CREDENTIAL_TABLE, number)?.['Credential'] ?? '').includes(gone))
    .map((number) => rowOf(CREDENTIAL_TABLE, number));
}

function releases(facts: LocalFacts, certificate: string): readonly Release[] {
  const gone = certificateReference(Number(lastNameOf(certificate)));
  return facts.rowsOf(CONTROLLER_TABLE).flatMap((number) => {
    const references = referencesOf(facts.valuesOf(CONTROLLER_TABLE, number)?.['Credential'] ?? '');
    if (!references.includes(gone)) return [];
    const Credential = references.filter((reference) => reference !== gone).join(',');
    return [{ object: rowOf(CONTROLLER_TABLE, number), values: { Credential } }];
  });
}

export const CERTIFICATE: LocalObject = {
  path: `${CERTIFICATE_TABLE}{i}.`,
  creatable: false,
  deletable: false,
  uniqueKeys: [
    { functional: true, names: ['SerialNumber', 'Issuer'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    ALIAS,
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'true' }),
    parameter('SerialNumber', { type: text(64) }),
    parameter('Issuer', { type: text(256) }),
  ],
  events: [],
  commands: [DELETE, GET_FINGERPRINT],
  dependents: credentialsOf,
  releases,
  cap: () => MOST_CERTIFICATES,
};
