// The quirks of real CPEs by their numbers in the facts: where each is handled, what stands for it in the tests, and the
// test that fails when the handling is switched off. `off` does that in the compiled file: `prove.ts` tries each of them.
export interface Quirk {
  readonly row: number;
  readonly quirk: string;
  /** The bytes that stand for it: captured ones where they are at hand, ours made like them. */
  readonly fixture: string;
  /** Below test/, without its ending. */
  readonly test: string;
  /** `from` stands exactly once in proxy/<file>.js as it is compiled. */
  readonly off: { readonly file: string; readonly from: string; readonly to: string };
}

const OWN = 'rebuilt in the test';
const CAPTURED = 'rebuilt in the test; captures replayed';

export const QUIRKS: readonly Quirk[] = [
  {
    row: 1,
    quirk: 'an XML declaration of ours ends the session',
    fixture: CAPTURED,
    test: 'gateway/south-quirks.test',
    off: {
      file: 'soap/write-envelope',
      from: 'const text = `${openTag',
      to: 'const text = `<?xml version="1.0"?>${openTag',
    },
  },
  {
    row: 2,
    quirk: "only the CPE's own SOAP prefixes are understood",
    fixture: CAPTURED,
    test: 'gateway/south-quirks.test',
    off: {
      file: 'soap/style',
      from: 'isUsable(prefix) ? prefix : DEFAULT_STYLE.envelope',
      to: 'DEFAULT_STYLE.envelope',
    },
  },
  {
    row: 3,
    quirk: 'no session cookie comes back',
    fixture: CAPTURED,
    test: 'gateway/south-quirks.test',
    off: {
      file: 'cwmp/sessions',
      from: 'way.shared ? undefined : this.#bySocket.get(way.socket)',
      to: 'undefined',
    },
  },
  {
    row: 4,
    quirk: 'the cookie comes back with its attributes',
    fixture: CAPTURED,
    test: 'gateway/south-quirks.test',
    off: { file: 'cwmp/cookie', from: '(?:^|[;,\\\\s])', to: '^' },
  },
  {
    row: 5,
    quirk: '200 without a body makes a CPE repeat itself',
    fixture: CAPTURED,
    test: 'gateway/south-quirks.test',
    off: { file: 'cwmp/http-post', from: 'this.#write(204, {});', to: 'this.#write(200, {});' },
  },
  {
    row: 6,
    quirk: 'only the Inform is authenticated',
    fixture: CAPTURED,
    test: 'gateway/south-quirks-authentication.test',
    off: {
      file: 'cwmp/server',
      from: "found.kind !== 'open' && !late",
      to: '!late',
    },
  },
  {
    row: 7,
    quirk: 'dialects of Digest',
    fixture: CAPTURED,
    test: 'cwmp/authentication/digest.test',
    off: {
      file: 'cwmp/authentication/digest',
      from: 'if (nonce === undefined || uri === undefined ||',
      to: "if (nonce === undefined || !uri || parameters.get('qop') === undefined ||",
    },
  },
  {
    row: 8,
    quirk: 'replies to Connection Requests that no HTTP library reads',
    fixture: CAPTURED,
    test: 'cwmp/connection-request/http-reply.test',
    off: { file: 'cwmp/connection-request/http-reply', from: 'if (/^[ \\t]/.test(text)) {', to: 'if (false) {' },
  },
  {
    row: 9,
    quirk: 'each 401 has a nonce of its own, 503 passes, 200 promises nothing',
    fixture: OWN,
    test: 'cwmp/connection-request/wake-outcomes.test',
    off: {
      file: 'cwmp/connection-request/wake',
      from: "if (ending.kind !== 'busy' && ending.kind !== 'refused')",
      to: 'if (true)',
    },
  },
  {
    row: 10,
    quirk: 'an RPC answered with an empty POST',
    fixture: CAPTURED,
    test: 'gateway/south-quirks-broken.test',
    off: {
      file: 'cwmp/session',
      from: 'state.call === undefined ? otherwise : [{',
      to: "result.kind === 'empty' || state.call === undefined ? otherwise : [{",
    },
  },
  {
    row: 11,
    quirk: 'an empty ParameterPath crashes CPEs',
    fixture: OWN,
    test: 'gateway/south-quirks-broken.test',
    off: { file: 'device/calls', from: 'discoverTree(ask, facts.root,', to: "discoverTree(ask, ''," },
  },
  {
    row: 12,
    quirk: 'a Content-Length that is too small',
    fixture: CAPTURED,
    test: 'gateway/south-quirks-broken.test',
    off: { file: 'cwmp/not-http', from: "code.startsWith('HPE_') ? NOT_HTTP", to: "code === 'never' ? NOT_HTTP" },
  },
  {
    row: 13,
    quirk: 'a session abandoned half-way, the next on the same connection',
    fixture: OWN,
    test: 'gateway/south-quirks-broken.test',
    off: {
      file: 'cwmp/server',
      from: "if (message.kind !== 'request' || message.method !== 'Inform') {",
      to: "if (found.kind === 'open' || message.kind !== 'request' || message.method !== 'Inform') {",
    },
  },
  {
    row: 14,
    quirk: 'no SOAP Header, no ID',
    fixture: CAPTURED,
    test: 'soap/lenient-values.test',
    off: {
      file: 'soap/read-envelope',
      from: 'if (body === undefined)',
      to: "if (header.id === undefined)\n        return refuse('missing-element', 'ID');\n    if (body === undefined)",
    },
  },
  {
    row: 15,
    quirk: 'an undeclared namespace prefix',
    fixture: CAPTURED,
    test: 'soap/faults.test',
    off: { file: 'soap/tokenizer', from: 'if (tag.localName !== localName)', to: 'if (tag.name !== localName)' },
  },
  {
    row: 16,
    quirk: 'prefixes that mean something else',
    fixture: CAPTURED,
    test: 'soap/style.test',
    off: { file: 'soap/style', from: 'uri.startsWith(ENCODING)', to: 'uri === `${ENCODING}/`' },
  },
  {
    row: 17,
    quirk: 'arrayType lies',
    fixture: CAPTURED,
    test: 'soap/lenient-values.test',
    off: {
      file: 'soap/read-fields',
      from: 'function readItems(cursor, itemName, item) {',
      to: "function readItems(cursor, itemName, item) {\n    if (/\\[0/.test(cursor.attribute('arrayType') ?? '')) {\n        cursor.skip();\n        return [];\n    }",
    },
  },
  {
    row: 18,
    quirk: 'xsi:type of any spelling',
    fixture: CAPTURED,
    test: 'soap/lenient-values.test',
    off: { file: 'soap/scalars', from: "trimWhite(type.slice(type.indexOf(':') + 1))", to: 'type' },
  },
  {
    row: 19,
    quirk: 'elements that are missing or empty',
    fixture: CAPTURED,
    test: 'soap/lenient-values.test',
    off: { file: 'soap/read-fields', from: 'const values = { ...plan.empty };', to: 'const values = {};' },
  },
  {
    row: 20,
    quirk: 'a fault whose code lies anywhere',
    fixture: CAPTURED,
    test: 'soap/faults.test',
    off: { file: 'soap/read-fault', from: 'cursor.text(visit)', to: 'cursor.text()' },
  },
  {
    row: 21,
    quirk: 'an unknown parameter that is left out without a fault, or faults all without being named',
    fixture: CAPTURED,
    test: 'agent/get-faults.test',
    off: { file: 'device/read-values', from: 'names.length > 1 && SPLITS.has(', to: 'names.length < 1 && SPLITS.has(' },
  },
  {
    row: 22,
    quirk: 'a character set named in HTTP only, or wrongly',
    fixture: CAPTURED,
    test: 'soap/charset.test',
    off: {
      file: 'soap/charset',
      from: "?? decodeAs(body, 'utf-8') ?? body.toString('latin1')",
      to: "?? body.toString('utf8')",
    },
  },
  {
    row: 23,
    quirk: 'names with white space, without their dot, out of order',
    fixture: CAPTURED,
    test: 'device/instance-tree/tree.test',
    off: {
      file: 'device/instance-tree/tree',
      from: "Name.endsWith('.') || parents.has(Name)",
      to: "Name.endsWith('.')",
    },
  },
  {
    row: 24,
    quirk: 'clocks that are unset, without zone, malformed',
    fixture: CAPTURED,
    test: 'soap/lenient-values.test',
    off: {
      file: 'soap/read-fields',
      from: "case 'string':\n        case 'dateTime':\n            return trimWhite(cursor.text());",
      to: "case 'string':\n            return trimWhite(cursor.text());\n        case 'dateTime': {\n            const time = new Date(trimWhite(cursor.text()));\n            return Number.isNaN(time.getTime()) ? '' : time.toISOString();\n        }",
    },
  },
  {
    row: 25,
    quirk: 'header names that a CPE matches by case',
    fixture: CAPTURED,
    test: 'gateway/south-quirks.test',
    off: { file: 'cwmp/http-post', from: "'Set-Cookie': cookie", to: "'set-cookie': cookie" },
  },
  {
    row: 26,
    quirk: 'events in any order and spelling',
    fixture: CAPTURED,
    test: 'device/events.test',
    off: { file: 'device/events', from: '/^\\s*(\\d+)\\b/', to: '/^(\\d+) [A-Z]+$/' },
  },
  {
    row: 27,
    quirk: 'TransferComplete in any session, before the empty POST, without its CommandKey',
    fixture: OWN,
    test: 'gateway/transfer-reports.test',
    off: {
      file: 'device/transfers/report',
      from: "ours: isOurKey(CommandKey), kinds: ['download'",
      to: "ours: true, kinds: ['download'",
    },
  },
  {
    row: 28,
    quirk: 'Status 1: done when the session has ended',
    fixture: OWN,
    test: 'gateway/device-status-1.test',
    off: { file: 'device/calls', from: '|| status === APPLIES_LATER', to: '' },
  },
  {
    row: 29,
    quirk: 'GetRPCMethods: not supported by a CPE, asked by another',
    fixture: CAPTURED,
    test: 'gateway/south-soap.test',
    off: { file: 'cwmp/answers', from: "case 'GetRPCMethods':", to: "case 'never':" },
  },
  {
    row: 30,
    quirk: 'booleans are taken as 0 and 1 only',
    fixture: OWN,
    test: 'device/boolean-literals.test',
    off: { file: 'device/boolean-literals', from: "digits: { true: '1', false: '0' }", to: 'digits: {}' },
  },
  {
    row: 31,
    quirk: 'an Inform repeated every few seconds without end',
    fixture: OWN,
    test: 'gateway/learn-inform-flood.test',
    off: {
      file: 'cwmp/server',
      from: 'if (!this.#informLimit.allows(',
      to: 'if (false && !this.#informLimit.allows(',
    },
  },
  {
    row: 32,
    quirk: 'messages of 600 kB',
    fixture: OWN,
    test: 'gateway/south-quirks-large.test',
    off: {
      file: 'soap/read-envelope',
      from: 'const MAX_CHARACTERS = 16 * 1024 * 1024;',
      to: 'const MAX_CHARACTERS = 256 * 1024;',
    },
  },
];
