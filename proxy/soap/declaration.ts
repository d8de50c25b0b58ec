// The XML declaration: where it ends, and which encoding it names. It is matched once a document, so a pattern serves.

// Production [23] XMLDecl, with the version numbers of the fifth edition. Each run of white space is followed by
// something that is not white, so matching is linear.
const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/;

/** Declarations of real CPEs are below 60 characters; what does not end within these is refused as malformed. */
const LONGEST_DECLARATION = 256;

export interface Declaration {
  /** Index behind `?>`, from the declaration's first character. */
  readonly length: number;
  readonly encoding?: string;
}

/** The XML declaration with which `text` begins from `from` on; undefined when it is not well-formed. */
export function readDeclaration(text: string, from = 0): Declaration | undefined {
  const match = DECLARATION.exec(text.slice(from, from + LONGEST_DECLARATION));
  if (match === null) return undefined;
  const encoding = match[1] ?? match[2];
  return encoding === undefined ? { length: match[0].length } : { length: match[0].length, encoding };
}
