// What can be said about a CPE when it is made, and what holds when nothing is said.
import type { Clock } from './clock.ts';
import type { ConnectionRequestServer } from './connection-request-server.ts';
import type { DiagnosticResult } from './diagnostics/diagnostic.ts';
import type { CwmpVersion, Dialect, HttpDialect } from './dialect.ts';
import type { Credentials } from './digest.ts';
import type { Dump } from './dump.ts';
import type { FaultRule } from './fault-rules.ts';
import type { DeviceId } from './inform.ts';
import type { Random } from './random.ts';
import type { StunOptions } from './stun-client.ts';
import type { TransferOrder } from './transfers.ts';
import type { XmppOptions } from './xmpp-client.ts';

/** Milliseconds. */
export interface Timings {
  /** How long it bears a held answer before it gives the session up. */
  readonly heldLimit: number;
  /** From the end of the session to the boot's Inform. */
  readonly rebootTime: number;
  readonly diagnosticTime: number;
  readonly transferTime: number;
  /** Factor on the waits of the retry table and on Retry-After: 0.001 makes seconds of milliseconds. */
  readonly retryScale: number;
}

export const DEFAULT_TIMINGS: Timings = {
  heldLimit: 30_000,
  rebootTime: 2_000,
  diagnosticTime: 500,
  transferTime: 200,
  retryScale: 1,
};

export interface ConnectionRequestOptions {
  readonly auth?: 'none' | 'basic' | 'digest';
  readonly username?: string;
  readonly password?: string;
  readonly oneShotNonce?: boolean;
  readonly whenBusy?: 'remember' | 'refuse';
  /** A port shared with other CPEs; without it this CPE opens one of its own, which refuses while it reboots. */
  readonly server?: ConnectionRequestServer;
  /** Of its own port; 0, any free one, unless told. */
  readonly port?: number;
}

export interface CpeOptions {
  readonly dump: Dump;
  readonly acsUrl: string;
  /** Where it differs from what the dump's DeviceInfo says. */
  readonly deviceId?: Partial<DeviceId>;
  /** Values, by path, in which this device differs from the dump: part of its factory state. */
  readonly values?: Readonly<Record<string, string>>;
  readonly credentials?: Credentials;
  /** false: it does not listen. */
  readonly connectionRequest?: ConnectionRequestOptions | false;
  /** It keeps a binding at its NAT and listens there by UDP; it does not, unless told. */
  readonly stun?: StunOptions;
  /** It keeps a connection to an XMPP server and listens there; it does not, unless told. */
  readonly xmpp?: XmppOptions;
  readonly cwmpVersion?: CwmpVersion;
  /** Plain, by the book, unless told. */
  readonly dialect?: Dialect;
  /** Habits of its HTTP client in which it differs from its dialect. */
  readonly http?: Partial<HttpDialect>;
  readonly compression?: 'gzip' | 'deflate';
  /** Seconds of silence that it announces in its Informs. */
  readonly sessionTimeout?: number;
  readonly timings?: Partial<Timings>;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly faults?: readonly FaultRule[];
  /** Whether a SetParameterValues, AddObject or DeleteObject of these paths answers Status 1 and applies after the session. */
  readonly status1?: (method: string, paths: readonly string[]) => boolean;
  /** Whether a transfer is run within the session and answered with Status 0. */
  readonly transfersNow?: (order: TransferOrder) => boolean;
  /** It tells of transfers without their CommandKey, in TransferComplete and in the event (quirk 27). */
  readonly losesCommandKeys?: boolean;
  /** The SoftwareVersion after a firmware download; its TargetFileName, else the last part of the URL, unless told. */
  readonly firmwareVersion?: (order: TransferOrder, file: Buffer) => string;
  readonly diagnosticResults?: (path: string, input: (name: string) => string) => DiagnosticResult | undefined;
  /**
   * When a carried event counts as delivered: with the end of a session in order, as most CPEs have it, or with the
   * ACS's response to it (TR-069 §3.7.1.5, column "ACS response for successful delivery").
   */
  readonly delivery?: 'session-end' | 'response';
  /** Keep a log of RPCs and complaints; true unless told. Off for benches. */
  readonly log?: boolean;
}
