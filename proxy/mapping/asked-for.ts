// How often operators ask for what a TR-098 device has: mappings/tr098/asked-for.txt, read once in a process.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generalise, parentOf } from '../path/concrete.ts';

const ROOT = 'InternetGatewayDevice.';

export type RankOf = (name: string) => number;

/** `text` names what is asked for, the most frequent first. The rank of a name is that of the line that says most of it. */
export function parseAskedFor(text: string): RankOf {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const ranks = new Map(lines.map((line, index) => [ROOT + line, index + 1]));
  return (name) => {
    for (let path = generalise(name); path !== ''; path = parentOf(path)) {
      const rank = ranks.get(path);
      if (rank !== undefined) return rank;
    }
    return lines.length + 1;
  };
}

let ranks: RankOf | undefined;

/** 1 for what is asked for most. */
export function loadAskedFor(): RankOf {
  ranks ??= parseAskedFor(readFileSync(fileURLToPath(import.meta.resolve('#mappings/tr098/asked-for.txt')), 'utf8'));
  return ranks;
}
