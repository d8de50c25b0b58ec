// A number of bytes as people read it. Pure.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** In powers of ten, as files and disks are sold: `999 B`, `1.5 kB`, `512.0 MB`. */
export function formatSize(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.95 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
