// How one make of CPE speaks: the spelling of its SOAP, the habits of its HTTP client, what it demands of the ACS.
// The protocol is the same for all of them; `dialects.ts` holds those seen in real programs.

/** The n of urn:dslforum-org:cwmp-1-n. */
export type CwmpVersion = 0 | 1 | 2 | 3 | 4;

export interface SoapDialect {
  /** Before the envelope; '' for none. */
  readonly declaration: string;
  readonly envelopePrefix: string;
  readonly encodingPrefix: string;
  /** Takes over the envelope prefix of the ACS once it has seen it (quirk 2). */
  readonly adoptsPrefix: boolean;
  /** Goes down to the CWMP version of the InformResponse (TR-069 §3.4.2); others keep to their own. */
  readonly adoptsVersion: boolean;
  /** 1999 was a draft of XML Schema that some CPEs still name. */
  readonly schemaYear: 1999 | 2001;
  /** Whitespace between elements: none, a line break, or two spaces more for each level. */
  readonly layout: 'dense' | 'lines' | 'indented';
  /** How an element without content ends. */
  readonly emptyElement: 'pair' | '/>' | ' />';
  readonly booleans: 'digits' | 'words';
  readonly times: 'zulu' | 'offset' | 'zoneless' | 'milliseconds' | 'microseconds';
  /** What stands for a time that is not known. */
  readonly unknownTime: string;
  /** Digits to which arrayType's count is padded with zeros (quirk 17). */
  readonly countDigits: number;
  /** `xsd:string` or `string`, in arrayType. */
  readonly stringArrayType: string;
  /** Arrays that do not say that they are one while they are empty. */
  readonly untypedWhenEmpty: readonly string[];
  /** xsi:type on elements other than parameter values, by `Parent/Name`. */
  readonly typedElements: ReadonlyMap<string, string>;
  /**
   * SetParameterValuesFault: all in error, the first only, or none but their names in the FaultString (quirk 20), of a
   * Fault whose prefix `soap` nobody declared (quirk 15).
   */
  readonly parameterFaults: 'all' | 'first' | 'names';
  /** The detail of a fault stands inside its faultstring (quirk 20). */
  readonly detailInFaultstring: boolean;
  /** FaultStruct of TransferComplete: before the times, as the schema has it, or after them (quirk 27). */
  readonly transferFaultLast: boolean;
  /** cwmp:ID of its own requests: counting from 1, one for all of a session, or random letters. */
  readonly ids: 'counting' | 'one-a-session' | 'random';
}

export interface HttpDialect {
  /**
   * In this order. `Host`, `Content-Length`, `Cookie` and `Authorization` are filled in, and left out when empty;
   * `{method}` in a value becomes `cwmp:` and the method of its own request, or nothing in an answer.
   */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Header names that an empty POST goes without. */
  readonly onlyWithBody: readonly string[];
  /** What it returns of a Set-Cookie: name and value, the whole line, nothing (quirks 3 and 4). */
  readonly cookies: 'returned' | 'with-attributes' | 'never';
  /** One connection for a session, one for each POST, or a new one after each 401. */
  readonly connections: 'kept' | 'per-post' | 'new-after-challenge';
  /** Before any challenge: nothing, Basic, or, if it has credentials, an empty POST to fish for one (quirk 6). */
  readonly opening: 'plain' | 'preemptive-basic' | 'empty-post';
  /** Which POSTs carry credentials once challenged. */
  readonly authorizes: 'every-post' | 'inform-only';
  readonly digest: DigestHabits;
  /** Sends a POST once more when a connection that was kept is closed under it, as libcurl does. */
  readonly resends: boolean;
  /** The body in chunks of this many bytes, without Content-Length; undefined: Content-Length. */
  readonly chunkSize?: number;
  /** Content-Length counts characters where it should count bytes (quirk 12). */
  readonly lengthInCharacters?: true;
}

export interface DigestHabits {
  /** `never`: the response of RFC 2069, whatever was offered. */
  readonly qop: 'as-offered' | 'never';
  /** `empty`: hashes and sends uri="" (quirk 7). */
  readonly uri: 'path' | 'empty';
  /** `stuck`: nc=00000001 in every request (quirk 7). */
  readonly nonceCount: 'counts' | 'stuck';
}

/** What makes this CPE drop the session where others read on. */
export interface Demands {
  /** The first byte must be the `<` of the envelope (quirk 1). */
  readonly noDeclaration?: true;
  /** It finds Header and Body by this very prefix (quirk 2). */
  readonly envelopePrefix?: string;
  /** It finds the RPC by the prefix `cwmp` (quirk 2). */
  readonly cwmpPrefix?: true;
}

/** How GetParameterValues treats what it should refuse or unfold. */
export interface ReadHabits {
  /** A name nobody knows: fault 9005 for all, or no word about it (quirk 21). */
  readonly unknownNames: 'fault' | 'left-out';
  /** A partial path: the values below it, or the path itself as an `object` (quirk 11). */
  readonly partialPaths: 'values' | 'object';
}

export interface Dialect {
  readonly name: string;
  readonly soap: SoapDialect;
  readonly http: HttpDialect;
  readonly demands: Demands;
  /** How a Connection Request is answered: tidily, in folded lines with bare LF, or Digest without commas (quirk 8). */
  readonly connectionRequestReplies: 'plain' | 'folded' | 'without-commas';
  readonly reads: ReadHabits;
  /** Methods it does not know, and whether it says so with a fault or with an empty POST (quirk 10). */
  readonly unsupported: ReadonlyMap<string, 'fault' | 'empty'>;
}
