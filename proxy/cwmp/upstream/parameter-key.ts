// ManagementServer.ParameterKey in a list of values: where it is ours, the ACS is shown the one that it set. Pure.
import { isOurKey } from '../../device/journal/keys.ts';
import { escapeText } from '../../soap/escape.ts';
import { childNamed, type Edit, type Part, replaceContent, textOf } from './parts.ts';

const NAME = 'ManagementServer.ParameterKey';

/** `list`: the ParameterList of an Inform or of a GetParameterValuesResponse. */
export function replaceParameterKey(text: string, list: Part, ParameterKey: string): readonly Edit[] {
  return list.parts.flatMap((struct) => {
    const value = childNamed(struct, 'Value');
    if (value === undefined || !textOf(text, struct, 'Name').endsWith(NAME)) return [];
    if (!isOurKey(textOf(text, struct, 'Value'))) return [];
    // Kept as text of UTF-8, and written back byte by byte.
    const bytes = Buffer.from(escapeText(ParameterKey) ?? '', 'utf8').toString('latin1');
    return [replaceContent(value, bytes)];
  });
}
