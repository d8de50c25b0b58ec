// What the log tells an operator about. A refusal or a failed write is thrown besides; these are the facts around it.
import { type CausewayError } from '../../errors.ts';

export type LogEvent =
  /** The owner named by the lock is dead; the folder was taken over from it. */
  | { readonly kind: 'lock taken over'; readonly pid: number }
  /** The last segment ended in bytes that were never acknowledged as safe on the disk; they were cut. */
  | { readonly kind: 'tail cut'; readonly file: string; readonly offset: number; readonly bytes: number }
  /** With `salvage`: bytes that could not be read were left out. The file as it was is `kept`, if there was one. */
  | {
      readonly kind: 'salvaged';
      readonly file: string;
      readonly offset: number;
      readonly bytes: number;
      readonly kept: string | undefined;
    }
  | { readonly kind: 'segment compacted'; readonly file: string; readonly freed: number; readonly copied: number }
  /** Compaction stopped and stays stopped until the log is opened again; commits and reads go on. */
  | { readonly kind: 'compaction failed'; readonly error: unknown }
  /** Nothing is accepted until the log is opened again. */
  | { readonly kind: 'write failed'; readonly error: CausewayError };

export type OnLogEvent = (event: LogEvent) => void;
