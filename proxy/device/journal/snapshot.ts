// What is remembered of the CPE before a changing RPC, so that a lost answer can be settled by looking.
import type { NamedValue } from '../ledger.ts';

export type Snapshot =
  /** Values before a SetParameterValues, and those it sets. */
  | { readonly kind: 'values'; readonly before: readonly NamedValue[]; readonly set: readonly NamedValue[] }
  /** Instance numbers of the table before an AddObject. */
  | { readonly kind: 'rows'; readonly table: string; readonly before: readonly number[] }
  /** The row that a DeleteObject removes. */
  | { readonly kind: 'row'; readonly path: string }
  /** Nothing can be looked at: Reboot, FactoryReset, SetParameterAttributes. */
  | { readonly kind: 'none' };

export interface StepDetail {
  readonly snapshot: Snapshot;
  /** ParameterKey that the CPE last reported before this step. */
  readonly keyBefore: string;
  /** The request as it was written: a resumed step must be the same one. */
  readonly request: unknown;
}

export const formatDetail = (detail: StepDetail): string => JSON.stringify(detail);
export const parseDetail = (stored: string): StepDetail => JSON.parse(stored) as StepDetail;
