// JSON of what the commands print: the fields of USP under their own names, maps as objects. Pure.

function plain(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

export const formatJson = (value: unknown): string => JSON.stringify(value, plain, 2);

/** One line, for output that goes on. */
export const formatJsonLine = (value: unknown): string => JSON.stringify(value, plain);
