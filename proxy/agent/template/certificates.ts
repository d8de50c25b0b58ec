// Certificates in a template: rows that no Add makes and no Delete takes away for a Controller, but for the operator. One is
// given in PEM, as `Certificate` beside its parameters; what is shown later is what is stored of it.
import { parentOf } from '../../path/concrete.ts';
import { codes } from '../../usp/codes.ts';
import { addCertificate } from '../local-agent/certificate/add-certificate.ts';
import { CERTIFICATE_TABLE, DER } from '../local-agent/certificate/certificate.ts';
import { readCertificatePem } from '../local-agent/certificate/read-certificate.ts';
import type { LocalProblem } from '../local-agent/definition.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import type { RowValues } from '../local-agent/rows.ts';

export const CERTIFICATE = 'Certificate';

export const isCertificate = (row: string): boolean => parentOf(row) === CERTIFICATE_TABLE;

/** `others`: values that passed the checks of parameters. */
export function addTemplateCertificate(
  local: LocalAgent,
  pem: string | undefined,
  others: RowValues,
): { readonly path: string } | LocalProblem {
  if (pem === undefined) {
    return { code: codes.invalidValue, why: 'a certificate in PEM is wanted', parameter: CERTIFICATE };
  }
  const added = addCertificate(local, { Alias: others['Alias'], Certificate: pem, isKept: true });
  if (!('path' in added)) return { ...added, code: codes.invalidValue };
  return local.change(added.path, others) ?? added;
}

/** Without the certificate, where it is the one that the row has: then nothing about it changes but that it is kept. */
export function withoutSame(local: LocalAgent, row: string, values: RowValues): RowValues {
  const { [CERTIFICATE]: pem, ...others } = values;
  if (pem === undefined || !isCertificate(row)) return values;
  const read = readCertificatePem(pem);
  const stored = local.valuesOf(CERTIFICATE_TABLE, Number(row.slice(CERTIFICATE_TABLE.length, -1)));
  if (!read.ok || stored?.['SHA-256'] !== read.facts.fingerprints['SHA-256']) return values;
  // A row of a version that kept fingerprints alone.
  if (stored[DER] === undefined) local.change(row, { [DER]: read.facts.der });
  return others;
}
