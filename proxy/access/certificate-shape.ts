// What a certificate says of itself that Node does not show: how it is signed, and its extensions. DER, read no further than
// that. Pure.

export interface Extension {
  /** The OID in hexadecimal, as DER has it. */
  readonly id: string;
  readonly isCritical: boolean;
  readonly value: Buffer;
}

export interface CertificateShape {
  /** OID of the algorithm by which it is signed, in hexadecimal. */
  readonly signature: string;
  readonly extensions: readonly Extension[];
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

const BOOLEAN = 0x01;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const SEQUENCE = 0x30;
/** `extensions [3]` of a TBSCertificate (RFC 5280 §4.1). */
const EXTENSIONS = 0xa3;
const LONG = 0x80;
/** A length of more octets is none of a certificate's. */
const MOST_LENGTH_OCTETS = 3;

/** The elements that stand one after the other; undefined for what is no DER. */
export function elementsIn(der: Buffer): readonly Element[] | undefined {
  const elements: Element[] = [];
  for (let at = 0; at < der.length;) {
    const [tag, first] = [der[at], der[at + 1]];
    if (tag === undefined || first === undefined) return undefined;
    const octets = first < LONG ? 0 : first - LONG;
    const start = at + 2 + octets;
    if (first === LONG || octets > MOST_LENGTH_OCTETS || start > der.length) return undefined;
    const length = octets === 0 ? first : der.readUIntBE(at + 2, octets);
    if (start + length > der.length) return undefined;
    elements.push({ tag, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

const within = (elements: readonly Element[] | undefined, tag: number): readonly Element[] | undefined => {
  const found = elements?.find((element) => element.tag === tag);
  return found === undefined ? undefined : elementsIn(found.content);
};

function extensionOf({ tag, content }: Element): Extension | undefined {
  const parts = tag === SEQUENCE ? elementsIn(content) : undefined;
  const [id, second] = parts ?? [];
  const value = parts?.at(-1);
  if (id?.tag !== OBJECT_IDENTIFIER || value?.tag !== OCTET_STRING) return undefined;
  const isCritical = second?.tag === BOOLEAN && second.content[0] !== 0;
  return { id: id.content.toString('hex'), isCritical, value: value.content };
}

/** Undefined for what cannot be read. */
export function shapeOf(der: Buffer): CertificateShape | undefined {
  const [signed, algorithm] = within(elementsIn(der), SEQUENCE) ?? [];
  const [oid] = algorithm?.tag === SEQUENCE ? (elementsIn(algorithm.content) ?? []) : [];
  const parts = signed?.tag === SEQUENCE ? elementsIn(signed.content) : undefined;
  if (oid?.tag !== OBJECT_IDENTIFIER || parts === undefined) return undefined;
  const signature = oid.content.toString('hex');
  if (!parts.some(({ tag }) => tag === EXTENSIONS)) return { signature, extensions: [] };
  const listed = within(within(parts, EXTENSIONS), SEQUENCE);
  const extensions = listed?.flatMap((element) => extensionOf(element) ?? []);
  return extensions === undefined || extensions.length !== listed?.length ? undefined : { signature, extensions };
}
