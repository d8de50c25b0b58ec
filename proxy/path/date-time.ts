// TR-106's dateTime: XML Schema's, in UTC, with two special meanings of the year 1.

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

function offsetMinutes(zone: string): number | undefined {
  if (zone === '' || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** `YYYY-MM-DDThh:mm:ss` in UTC and the fraction of a second; a text without zone is taken for UTC. */
function parseInUtc(text: string): { readonly seconds: string; readonly fraction: string } | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const offset = offsetMinutes(match[8] ?? '');
  const endOfDay = hour === 24 && minute === 0 && second === 0;
  if (offset === undefined || year === 0 || (hour > 23 && !endOfDay) || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A month or a day that there is not would have become another.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const fraction = match[7] ?? '';
  if (offset === 0 && !endOfDay) return { seconds: text.slice(0, 19), fraction };
  date.setUTCHours(hour, minute - offset, second);
  const utcYear = date.getUTCFullYear();
  if (utcYear < 1 || utcYear > 9999) return undefined;
  return { seconds: date.toISOString().slice(0, 19), fraction };
}

/**
 * The same instant as USP wants it: `2021-06-06T08:00:00Z`, a fraction kept. Undefined for what is no dateTime. Values of
 * the year 1 stay as they are: `0001-01-01T00:00:00Z` is "unknown", the others count from a start that only the CPE knows.
 */
export function normaliseDateTime(text: string): string | undefined {
  const utc = parseInUtc(text);
  if (utc === undefined) return undefined;
  return text.startsWith('0001-') ? text : `${utc.seconds}${utc.fraction}Z`;
}

/** A text that sorts as the instant does; undefined for what is no dateTime. */
export function instantOf(text: string): string | undefined {
  const utc = parseInUtc(text);
  if (utc === undefined) return undefined;
  let end = utc.fraction.length;
  while (end > 0 && '.0'.includes(utc.fraction.charAt(end - 1))) end -= 1;
  return `${utc.seconds}${utc.fraction.slice(0, end)}`;
}

/** TR-106's Unknown Time, as `instantOf` gives it. */
export const unknownTime = '0001-01-01T00:00:00';
