// What is kept with an operation on firmware, from the command to its end: the truth of how far it has come is in the store
// (`OperationRecord.detail`), in every step anew. Nothing in it is secret.
import { type Checksum, CHECKSUMS } from '../../store/blobs/blobs.ts';
import type { BankNumber } from '../../store/firmware-steps.ts';
import type { OperationRecord } from '../../store/operation-steps.ts';
import type { Window } from './windows.ts';

export interface FirmwareTask {
  /** The Controller's, as TransferComplete! shows it; '' of an Activate(). */
  readonly TransferURL: string;
  readonly FileSize: number;
  readonly CheckSumAlgorithm: string;
  readonly CheckSum: string;
  readonly row: BankNumber;
  readonly name: string;
  /** What the CPE is to load: an image that the gateway has fetched, or is to fetch; or it fetches it itself. */
  readonly source: 'bank' | 'fetch' | 'direct';
  /** Id of the image; '' while there is none. */
  readonly image: string;
  /** When the CPE is to load it; of none an image is only kept. */
  readonly windows: readonly Window[];
  readonly phase: Phase;
}

export type Phase =
  /** The gateway fetches. `tries`: how often that was begun; the operation is due when whoever does it must be dead. */
  | { readonly kind: 'fetch'; readonly tries: number }
  /** The time of its window, or of its next try there. `failure`: how the try before ended. */
  | {
      readonly kind: 'wait';
      readonly index: number;
      readonly tries: number;
      readonly at: number;
      readonly failure: string;
    }
  /** The CPE is asked to load it, under the CommandKey of the operation. */
  | { readonly kind: 'load'; readonly index: number; readonly tries: number };

export const formatTask = (task: FirmwareTask): string => JSON.stringify(task);
export const taskOf = ({ detail }: OperationRecord): FirmwareTask => JSON.parse(detail) as FirmwareTask;
export const isOnFirmware = ({ kind }: OperationRecord): boolean => kind === 'firmware';

/** More than one operation begins: see `MOST_FETCHES`. */
const ATTEMPTS = 4;
/** Fetches for a device in their order, so that one which was believed dead does not undo what a later one has done. */
export const attemptOf = (number: number, tries: number): number => number * ATTEMPTS + tries;
export const lastAttemptOf = (number: number): number => attemptOf(number, ATTEMPTS - 1);

export function checksumOf({
  CheckSumAlgorithm,
  CheckSum,
}: FirmwareTask): { readonly algorithm: Checksum; readonly value: string } | undefined {
  const algorithm = algorithmOf(CheckSumAlgorithm);
  return algorithm === undefined || CheckSum === '' ? undefined : { algorithm, value: CheckSum };
}

/** Those of USP; vendors' MD5 is none. */
export const algorithmOf = (name: string): Checksum | undefined =>
  name === 'MD5' ? undefined : CHECKSUMS.find((known) => known === name);

/** The last part of a URL, which is how people call an image. */
export function imageName(url: string): string {
  const { pathname } = URL.canParse(url) ? new URL(url) : { pathname: '' };
  return pathname.split('/').at(-1) ?? '';
}
