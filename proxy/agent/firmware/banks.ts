// What happens to the banks of a CPE that shows none, step by step. Nothing but what runs is known to the CPE; the other
// bank is the gateway's, and empty once its image runs: the CPE does not give back what it ran before. Pure.
import { type BankNumber, BANKS, EMPTY_BANK, type FirmwareRecord } from '../../store/firmware-steps.ts';

export const isBank = (number: number): number is BankNumber => BANKS.some((bank) => bank === number);

/** An image is on its way into the bank; what was in it is not to be had any more. */
export const downloading = (firmware: FirmwareRecord, name: string): FirmwareRecord => ({
  ...firmware,
  bank: { ...EMPTY_BANK, status: 'Downloading', name },
});

export const downloaded = (firmware: FirmwareRecord, name: string, blob: string): FirmwareRecord => ({
  ...firmware,
  bank: { ...EMPTY_BANK, status: 'Available', name, blob },
});

/** `kind`: it did not come, or it is not what was promised. */
export const notDownloaded = (
  firmware: FirmwareRecord,
  name: string,
  status: 'DownloadFailed' | 'ValidationFailed',
): FirmwareRecord => ({ ...firmware, bank: { ...EMPTY_BANK, status, name } });

export const emptied = (firmware: FirmwareRecord): FirmwareRecord => ({ ...firmware, bank: EMPTY_BANK });

/** The CPE would not have it, or did not come up with it: the image stays, for another try. */
export const notInstalled = (firmware: FirmwareRecord, failureLog: string): FirmwareRecord => ({
  ...firmware,
  bank: { ...firmware.bank, status: 'InstallationFailed', failureLog },
});

/** The CPE runs what the row stands for. */
export const running = (firmware: FirmwareRecord, row: BankNumber): FirmwareRecord =>
  row === firmware.active ? firmware : { active: row, bank: EMPTY_BANK };
