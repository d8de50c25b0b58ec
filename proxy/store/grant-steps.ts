// Steps on grants: leave to load one file, or to bring one, for a bounded time and number of times. CPEs ask twice, in
// parts and once more after a cut; a time is used up when all of the file has been carried, not when it was asked for.

export interface GrantRecord {
  readonly kind: 'download' | 'upload';
  /** The device that it was given to; '' for anybody. */
  readonly device: string;
  /** The file to load; '' of an upload. */
  readonly blob: string;
  /** What an upload is called, and its FileType; '' of a download. */
  readonly name: string;
  readonly fileType: string;
  /** Whose an uploaded file is; undefined: the first tenant's. */
  readonly tenant?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** How often it may be used, and how often it was. */
  readonly count: number;
  readonly used: number;
  /** Bytes that were sent under it, those of downloads that broke off included. */
  readonly sent: number;
  /** What was sent since it was used last, as ranges [start, end) in order and apart. */
  readonly covered: readonly Range[];
  /** Shown to prove the right to use it, as a MAC of user name and password; '' where the URL is enough. */
  readonly credentials: string;
}
export type Range = readonly [start: number, end: number];

/** One answer's part of the file. */
export interface Carried {
  readonly start: number;
  /** Where sending ended, whether all was sent or not. */
  readonly end: number;
  readonly size: number;
  /** It has reached the other side. */
  readonly received: boolean;
  /** What answers have sent that have not ended: a line that drops is noticed here long after the CPE has come again. */
  readonly underWay: readonly Range[];
}

export interface GrantSteps {
  /** It is remembered for a day after it has expired, so that late comers can be told why. */
  saveGrant(id: string, grant: GrantRecord): Promise<void>;
  readGrant(id: string): Promise<GrantRecord | undefined>;
  /**
   * Of a download. It is used up once more when this answer was received, ended with the file's last byte, and with
   * those before it carried all of the file.
   */
  recordCarried(id: string, carried: Carried): Promise<GrantRecord | undefined>;
  /** Of an upload that is stored: takes one use; `used-up` where there is none left, or no such grant. */
  useGrant(id: string): Promise<'used' | 'used-up'>;
}
