// What a command is: how it is called, what its help says, and the code that runs it.
import type { Options, OptionSpecs } from './arguments.ts';
import type { Io } from './output/io.ts';
import type { ExitCode, Result } from './outcome.ts';
import type { Settings } from './settings.ts';

export interface Operand {
  /** As help shows it, without brackets: `path`. */
  readonly name: string;
  readonly optional?: boolean;
  /** Takes all that follow; the last one only. */
  readonly many?: boolean;
}

export interface Example {
  /** What is typed after `causeway`. */
  readonly line: string;
  readonly what: string;
}

interface Named {
  readonly name: string;
  /** One line, no full stop. */
  readonly summary: string;
}

export interface Command extends Named {
  readonly kind: 'command';
  readonly operands: readonly Operand[];
  /** Its own; the common ones come from `settings.ts`. */
  readonly options: OptionSpecs;
  /** Whether it speaks USP, and so takes --controller; the others use the REST API. */
  readonly speaksUsp: boolean;
  /** It asks no gateway, and takes none of the options that tell which. */
  readonly offline?: boolean;
  /** What it waits for an answer, in milliseconds, unless --timeout says otherwise. */
  readonly timeoutMs: number;
  /** Endpoint ID it takes unless --controller says otherwise. */
  readonly controller?: string;
  /** Paragraphs for help. */
  readonly detail: readonly string[];
  readonly examples: readonly Example[];
  readonly run: (invocation: Invocation) => Promise<Result<ExitCode>>;
}

/** Commands under a common first word. */
export interface Group extends Named {
  readonly kind: 'group';
  readonly commands: readonly Command[];
  readonly detail: readonly string[];
}

/** A command that hands its arguments on as they are. */
export interface PassThrough extends Named {
  readonly kind: 'pass-through';
  readonly run: (args: readonly string[], environment: NodeJS.ProcessEnv) => Promise<number>;
}

export type Entry = Command | Group | PassThrough;

export interface Invocation {
  readonly operands: readonly string[];
  readonly options: Options;
  readonly settings: Settings;
  /** For secrets that are better not typed. */
  readonly environment: NodeJS.ProcessEnv;
  readonly io: Io;
}

/** Waits for a read: the gateway gives a request 30 s to reach its device. */
export const READ_TIMEOUT_MS = 40_000;
/** Waits for a change: once begun it is carried to its end, within 120 s. */
export const CHANGE_TIMEOUT_MS = 130_000;
