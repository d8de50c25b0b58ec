// Words for words, by the tables of rule files. Pure.
import type { Codec, MakeCodec } from '../codec.ts';
import type { EnumRule } from '../document.ts';
import { faithful, folded, refused, turning, wordsOf, written } from './making.ts';

/** Exactly as the table has it, else in any case. */
function shownOf(table: EnumRule, text: string): string | undefined {
  const exact = table.read.get(text.trim());
  if (exact !== undefined) return exact;
  const wanted = folded(text);
  for (const [own, shown] of table.read) if (folded(own) === wanted) return shown;
  return undefined;
}

function ownOf(table: EnumRule, value: string): string | undefined {
  const stated = table.write.get(value);
  if (stated !== undefined) return stated;
  for (const [own, shown] of table.read) if (shown === value) return own;
  return undefined;
}

const one = (table: EnumRule): Codec =>
  turning(
    (text) => shownOf(table, text) ?? table.otherwise ?? text,
    (value) => ownOf(table, value),
  );

/** Item by item; items that the table does not have are not shown, since none of them would be a value of Device:2. */
const list = (table: EnumRule): Codec =>
  faithful({
    read: ([text]) =>
      text === undefined
        ? undefined
        : [...new Set(wordsOf(text).flatMap((word) => shownOf(table, word) ?? table.otherwise ?? []))].join(','),
    write: (value) => {
      const items = wordsOf(value).map((item) => ownOf(table, item));
      return items.every((item) => item !== undefined)
        ? written(items.join(','))
        : refused(`the device does not have all of "${value}"`);
    },
  });

const withTable =
  (make: (table: EnumRule) => Codec): MakeCodec =>
  ({ argument, enums }) => {
    const table = enums.get(argument);
    return table === undefined ? `there is no enum "${argument}"` : make(table);
  };

export const enumCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['enum', withTable(one)],
  ['enum-list', withTable(list)],
];
