// How a CPE writes its envelopes. Causeway answers in kind: some CPEs look for the very prefixes that they use
// themselves (quirk 2).
import type { CwmpVersion } from '../rpc/rpc.ts';
import type { NamespaceDeclaration } from './cursor.ts';

export interface EnvelopeStyle {
  /** Prefix of the SOAP envelope's namespace. */
  readonly envelope: string;
  /** Prefix of the SOAP encoding's namespace. */
  readonly encoding: string;
  /** The n of urn:dslforum-org:cwmp-1-n; 0 when the CPE named no such namespace. */
  readonly cwmpVersion: CwmpVersion;
  readonly cwmpVersionSeen: boolean;
  /** For the InformResponse to a CPE that lists versions: the highest of them that Causeway speaks (CWMP 1.4). */
  readonly useCwmpVersion?: string;
}

/** Understood by the CPEs that look for fixed prefixes, and the commonest in captures; for what cannot be mirrored. */
export const DEFAULT_STYLE: EnvelopeStyle = {
  envelope: 'SOAP-ENV',
  encoding: 'SOAP-ENC',
  cwmpVersion: 0,
  cwmpVersionSeen: false,
};

/** An NCName in ASCII, of at most 15 characters: one CPE copies the prefix into a field of that size (quirk 1). */
const PREFIX = /^[A-Za-z_][\w.-]{0,14}$/;
const TAKEN: ReadonlySet<string> = new Set(['xsd', 'xsi', 'cwmp', 'xml', 'xmlns']);
const ENCODING = 'http://schemas.xmlsoap.org/soap/encoding';
const CWMP = /^urn:dslforum-org:cwmp-1-([0-4])$/;
const SPOKEN_VERSIONS = ['1.4', '1.3', '1.2', '1.1', '1.0'];

const isUsable = (prefix: string): boolean => PREFIX.test(prefix) && !TAKEN.has(prefix.toLowerCase());

/** What was seen of an envelope: the root's prefix, the declarations on the way to the message, and the header. */
export interface StyleTraits {
  readonly prefix: string;
  readonly namespaces: readonly NamespaceDeclaration[];
  /** Content of the header SupportedCWMPVersions: `1.0,1.1,1.2`; '' when it was not sent. */
  readonly supportedVersions: string;
}

/** The style of the envelope with these traits, with defaults for what could not be written back. */
export function styleOf({ prefix, namespaces, supportedVersions }: StyleTraits): EnvelopeStyle {
  const envelope = isUsable(prefix) ? prefix : DEFAULT_STYLE.envelope;
  const declared = namespaces.find(({ uri, prefix: other }) => uri.startsWith(ENCODING) && isUsable(other))?.prefix;
  const encodings = [declared, DEFAULT_STYLE.encoding, 'soapenc'];
  const encoding = encodings.find((other) => other !== undefined && other !== envelope) ?? DEFAULT_STYLE.encoding;
  const digit = namespaces.map(({ uri }) => CWMP.exec(uri)?.[1]).find((found) => found !== undefined);
  const offered = supportedVersions.split(',').map((version) => version.trim());
  const useCwmpVersion = SPOKEN_VERSIONS.find((version) => offered.includes(version));
  return {
    envelope,
    encoding,
    // The pattern lets 0 to 4 through only.
    cwmpVersion: Number(digit ?? 0) as CwmpVersion,
    cwmpVersionSeen: digit !== undefined,
    ...(useCwmpVersion === undefined ? {} : { useCwmpVersion }),
  };
}
