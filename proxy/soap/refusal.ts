// Why a body is not read: a closed list, so that every refusal can be counted under a name that stays the same.

export const REFUSAL_REASONS = [
  'too-large', // longer than the caller allows
  'not-xml', // begins with something else than markup, or is empty
  'doctype', // never read, whatever it declares
  'too-deep', // elements nested deeper than any RPC of CWMP needs
  'too-many-attributes', // more on one tag than any CPE writes
  'illegal-character', // a character that XML 1.0 cannot hold
  'unknown-entity', // a reference that is none of XML's five, or a bare ampersand
  'illegal-reference', // a numeric reference to a character that XML 1.0 cannot hold
  'malformed-tag', // a tag, or an attribute in it, that breaks XML's grammar
  'duplicate-attribute', // the same attribute twice on one tag
  'malformed-markup', // a comment, CDATA section, processing instruction or XML declaration that breaks the grammar
  'mismatched-tag', // an end tag that closes another element than the innermost
  'truncated', // ends before its root element does
  'trailing-bytes', // goes on after its root element
  'no-envelope', // well-formed, but the root is no SOAP Envelope
  'no-body', // an Envelope without a Body
  'empty-body', // a Body without a message
  'missing-element', // a message without an element for which nothing can stand
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export interface Refusal {
  readonly reason: RefusalReason;
  /** For a person: where and what. Holds names of elements at most, never a value. */
  readonly detail: string;
}
