// The files a CPE has: what an Upload sends, and what a Download of each type does to the device.
import type { DataModel } from './data-model.ts';
import { escapeValue } from './dump.ts';
import { canonicalValue } from './value-type.ts';
import type { TransferOrder } from './transfers.ts';

const FIRMWARE = /^1 /;
const CONFIGURATION = /^(1|3) Vendor Configuration File/;
const LOG = /^(2|4) Vendor Log File/;

export const isFirmware = ({ isDownload, fileType }: TransferOrder): boolean => isDownload && FIRMWARE.test(fileType);
export const isConfiguration = ({ isDownload, fileType }: TransferOrder): boolean => isDownload && /^3 /.test(fileType);

/** Writable parameters as path, tab, value; a log of a few lines; undefined for any other type. */
export function fileToUpload(fileType: string, model: DataModel): Buffer | undefined {
  if (LOG.test(fileType)) return Buffer.from(`${model.root}DeviceInfo.: simulated device, nothing to report\n`);
  if (!CONFIGURATION.test(fileType)) return undefined;
  const lines = (model.parameters(model.root) ?? [])
    .filter(({ node }) => node.writable && node.facets.hidden !== true)
    .map(({ path, value }) => `${path}\t${escapeValue(value)}\n`);
  return Buffer.from(lines.join(''));
}

/** Settings in a configuration file of our own making; lines that fit no writable parameter are passed over. */
export function settingsIn(file: Buffer, model: DataModel): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of file.toString('utf8').split('\n')) {
    const [path = '', value = ''] = line.split('\t');
    const node = model.parameter(path)?.node;
    const canonical = node?.writable === true ? canonicalValue(node.type, value) : undefined;
    if (canonical !== undefined) settings.set(path, canonical);
  }
  return settings;
}

/** The version a firmware file brings when nobody said otherwise. */
export function versionOf({ targetFileName, url }: TransferOrder): string {
  const name = targetFileName === '' ? (new URL(url).pathname.split('/').at(-1) ?? '') : targetFileName;
  return name.replace(/\.\w+$/, '').slice(0, 64);
}
