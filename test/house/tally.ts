// Counts the assertions of a tap run and prints CI's last line: "N passed, N failed". A run that broke off has failed.
import { readFileSync } from 'node:fs';

const [file = ''] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8').split('\n');
// tap closes with its totals: # { total: 9, pass: 8, fail: 1 }
const totals = lines.findLast((line) => /^# \{ total: \d+/.test(line)) ?? '';
const count = (name: string): number => Number(new RegExp(`${name}: (\\d+)`).exec(totals)?.[1] ?? 0);
const planned = lines.some((line) => /^1\.\.\d+/.test(line));
const failed = count('fail') + (totals === '' || !planned ? 1 : 0);
for (const line of lines) if (/^\s*not ok/.test(line)) console.log(line);
console.log(`${count('pass')} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
