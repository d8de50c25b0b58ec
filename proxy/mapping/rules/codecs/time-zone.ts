// Time zones: POSIX in Device:2, in TR-098 a name that is often POSIX and often not, and an offset. Pure.
import type { Codec, MakeCodec } from '../codec.ts';
import { faithful, plain, refused, written } from './making.ts';

const NAME = '(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)';
const OFFSET = '[+-]?\\d{1,2}(?::\\d{2}){0,2}';
/** IEEE 1003.1: a name and an offset, then perhaps summer time with its rules. */
const POSIX = new RegExp(`^(${NAME})(${OFFSET})(${NAME}(?:${OFFSET})?(?:,.*)?)?$`);
const isPosix = (text: string): boolean => POSIX.test(text.trim());

/** `+05:30` → `<+0530>-05:30`: POSIX counts towards the west, and its names have no colon. */
function fromOffset(text: string): string | undefined {
  const [, sign, hours = '', minutes = '00'] = /^\s*([+-]?)(\d{1,2}):?(\d{2})?\s*$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const hour = hours.padStart(2, '0');
  if (Number(hour) === 0 && Number(minutes) === 0) return 'UTC0';
  const name = `${sign === '-' ? '-' : '+'}${hour}${minutes === '00' ? '' : minutes}`;
  const west = `${sign === '-' ? '' : '-'}${Number(hour)}${minutes === '00' ? '' : `:${minutes}`}`;
  return `<${name}>${west}`;
}

/** The offset of a zone without summer time, as TR-098 has it; undefined where it changes with the seasons. */
function toOffset(zone: string): string | undefined {
  const [, , offset = '', summer] = POSIX.exec(zone.trim()) ?? [];
  const [, sign = '', hours, minutes = '00'] = /^([+-]?)(\d{1,2})(?::(\d{2}))?/.exec(offset) ?? [];
  if (hours === undefined || summer !== undefined) return undefined;
  const isZero = Number(hours) === 0 && Number(minutes) === 0;
  return `${sign === '-' || isZero ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`;
}

/** [LocalTimeZoneName, LocalTimeZone]: the name where it is POSIX, else the offset. */
const named: Codec = faithful({
  read: ([name, offset]) => {
    if (name === undefined) return undefined;
    if (isPosix(name)) return name.trim();
    return (offset === undefined ? undefined : fromOffset(offset)) ?? name;
  },
  write: (value, [name, offset]) => {
    if (!isPosix(value)) return refused('it is no time zone of IEEE 1003.1');
    const own = offset === undefined ? undefined : toOffset(value);
    // A device that has a sentence there understands none of ours.
    if (name !== undefined && name.trim() !== '' && !isPosix(name)) {
      return own === undefined ? refused('the device knows zones without summer time only') : written(undefined, own);
    }
    return written(value, own);
  },
});

/** [LocalTimeZone] */
const offsetOnly: Codec = faithful({
  read: ([offset]) => (offset === undefined ? undefined : (fromOffset(offset) ?? offset)),
  write: (value) => {
    const own = toOffset(value);
    return own === undefined ? refused('the device knows zones without summer time only') : written(own);
  },
});

export const timeZoneCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['time-zone', plain(named)],
  ['time-zone.offset', plain(offsetOnly)],
];
