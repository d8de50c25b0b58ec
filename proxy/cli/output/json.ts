// JSON of what the commands print: the fields of USP under their own names, maps as objects. Pure.
import { UNSAFE } from './printable.ts';

function plain(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** `indent`: spaces a level; none: one line. JSON leaves C1 controls and marks of direction as they are; a terminal obeys them. */
function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, plain, indent);
  return text.replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export const formatJson = (value: unknown): string => safeJson(value, 2);

/** One line, for output that goes on. */
export const formatJsonLine = (value: unknown): string => safeJson(value);
