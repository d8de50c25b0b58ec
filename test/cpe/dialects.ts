// Dialects by name: one by the book, and those of the real programs whose sessions lie in facts/captures. What a
// dialect says was read off the bytes these programs sent.
import type { Dialect, HttpDialect, SoapDialect } from './dialect.ts';

const XML_TYPE = 'text/xml; charset="utf-8"';
const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

const plainSoap: SoapDialect = {
  declaration: '',
  envelopePrefix: 'soap-env',
  encodingPrefix: 'soap-enc',
  adoptsPrefix: false,
  adoptsVersion: true,
  schemaYear: 2001,
  layout: 'dense',
  emptyElement: 'pair',
  booleans: 'digits',
  times: 'zulu',
  unknownTime: '0001-01-01T00:00:00Z',
  countDigits: 1,
  stringArrayType: 'xsd:string',
  untypedWhenEmpty: [],
  typedElements: NOTHING,
  parameterFaults: 'all',
  detailInFaultstring: false,
  transferFaultLast: false,
  ids: 'counting',
};

const plainHttp: HttpDialect = {
  headers: [
    ['Host', ''],
    ['User-Agent', 'causeway-test-cpe'],
    ['Content-Type', XML_TYPE],
    ['SOAPAction', ''],
    ['Content-Length', ''],
    ['Cookie', ''],
    ['Authorization', ''],
  ],
  onlyWithBody: ['Content-Type', 'SOAPAction'],
  cookies: 'returned',
  connections: 'kept',
  opening: 'plain',
  authorizes: 'every-post',
  digest: { qop: 'as-offered', uri: 'path', nonceCount: 'counts' },
  resends: false,
};

const plain: Dialect = {
  name: 'plain',
  soap: plainSoap,
  http: plainHttp,
  demands: {},
  connectionRequestReplies: 'plain',
  reads: { unknownNames: 'fault', partialPaths: 'values' },
  unsupported: NOTHING,
};

const QUEUES = ['GetQueuedTransfers', 'GetAllQueuedTransfers', 'CancelTransfer'];
const faulting = (...methods: string[]): ReadonlyMap<string, 'fault'> =>
  new Map(methods.map((method) => [method, 'fault']));

/** EasyCwmp on OpenWrt: libcurl underneath. */
const easycwmp: Dialect = {
  ...plain,
  name: 'easycwmp',
  soap: {
    ...plainSoap,
    declaration: '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n ',
    envelopePrefix: 'soap_env',
    encodingPrefix: 'soap_enc',
    adoptsVersion: false,
    layout: 'indented',
    emptyElement: ' />',
    times: 'offset',
    untypedWhenEmpty: ['AccessList'],
  },
  http: {
    ...plainHttp,
    headers: [
      ['Host', ''],
      ['Authorization', ''],
      ['Cookie', ''],
      ['User-Agent', 'easycwmp'],
      ['Content-Type', XML_TYPE],
      ['SOAPAction', ''],
      ['Content-Length', ''],
    ],
    onlyWithBody: ['SOAPAction'],
    resends: true,
  },
  unsupported: faulting(...QUEUES),
};

/** Orange's tr069agent: takes the ACS's prefix from the text between the first `<` and the first `:`. */
const orange: Dialect = {
  ...plain,
  name: 'orange',
  soap: {
    ...plainSoap,
    declaration: '<?xml version="1.0"?>\n',
    envelopePrefix: 'soapenv',
    encodingPrefix: 'soapenc',
    adoptsPrefix: true,
    layout: 'lines',
    countDigits: 2,
    stringArrayType: 'string',
    untypedWhenEmpty: ['TransferList'],
  },
  http: {
    ...plainHttp,
    headers: [
      ['Host', ''],
      ['Accept', '*/*'],
      ['Cookie', ''],
      ['Authorization', ''],
      ['Content-Type', XML_TYPE],
      ['Content-Length', ''],
    ],
    onlyWithBody: [],
  },
  demands: { noDeclaration: true },
  connectionRequestReplies: 'folded',
  unsupported: faulting('GetQueuedTransfers', 'CancelTransfer'),
};

/** Netcwmp: wraps what it received in an element of its own before it parses, and looks for literal tags. */
const netcwmp: Dialect = {
  ...plain,
  name: 'netcwmp',
  soap: {
    ...plainSoap,
    envelopePrefix: 'SOAP-ENV',
    encodingPrefix: 'SOAP-ENC',
    schemaYear: 1999,
    layout: 'lines',
    times: 'zoneless',
    unknownTime: '',
    typedElements: new Map([
      ['Inform/DeviceId', 'cwmp:DeviceIdStruct'],
      ['DeviceId/Manufacturer', 'xsd:string'],
      ['DeviceId/OUI', 'xsd:string'],
      ['DeviceId/ProductClass', 'xsd:string'],
      ['DeviceId/SerialNumber', 'xsd:string'],
      ['EventStruct/EventCode', 'xsd:string'],
      ['Inform/MaxEnvelopes', 'xsd:unsignedInt'],
      ['Inform/CurrentTime', 'xsd:dateTime'],
      ['Inform/RetryCount', 'xsd:unsignedInt'],
      ['ParameterValueStruct/Name', 'xsd:string'],
    ]),
    parameterFaults: 'first',
    detailInFaultstring: true,
  },
  http: {
    ...plainHttp,
    headers: [
      ['Host', ''],
      ['User-Agent', 'CPE Netcwmp Agent'],
      ['Accept', '*/*'],
      ['Content-Type', 'text/xml; charset=utf-8'],
      ['Content-Length', ''],
      ['Cookie', ''],
      ['Authorization', ''],
    ],
    onlyWithBody: [],
    cookies: 'with-attributes',
    opening: 'empty-post',
    authorizes: 'inform-only',
    digest: { qop: 'never', uri: 'empty', nonceCount: 'stuck' },
  },
  demands: { noDeclaration: true, envelopePrefix: 'SOAP-ENV' },
  connectionRequestReplies: 'without-commas',
  reads: { unknownNames: 'left-out', partialPaths: 'object' },
  unsupported: new Map([
    ['GetParameterAttributes', 'empty'],
    ['SetParameterAttributes', 'empty'],
    ...QUEUES.map((method) => [method, 'empty'] as const),
  ]),
};

/** softov/cwmp-sim: never returns a cookie. */
const cwmpSim: Dialect = {
  ...plain,
  name: 'cwmp-sim',
  soap: {
    ...plainSoap,
    declaration: '<?xml version="1.0" encoding="UTF-8"?>\n',
    emptyElement: '/>',
    booleans: 'words',
    times: 'milliseconds',
    parameterFaults: 'names',
    transferFaultLast: true,
    ids: 'one-a-session',
  },
  http: {
    ...plainHttp,
    headers: [
      ['User-Agent', 'CWMP/1.0'],
      ['Content-Length', ''],
      ['Content-Type', XML_TYPE],
      ['Authorization', ''],
      ['Host', ''],
      ['Connection', 'keep-alive'],
    ],
    cookies: 'never',
    opening: 'preemptive-basic',
    digest: { qop: 'as-offered', uri: 'path', nonceCount: 'stuck' },
  },
  reads: { unknownNames: 'left-out', partialPaths: 'values' },
};

/** GenieACS's simulator. */
const genieacsSim: Dialect = {
  ...cwmpSim,
  name: 'genieacs-sim',
  http: {
    ...cwmpSim.http,
    headers: [
      ['Content-Length', ''],
      ['Content-Type', XML_TYPE],
      ['Authorization', ''],
      ['Cookie', ''],
      ['Host', ''],
      ['Connection', 'keep-alive'],
    ],
    onlyWithBody: [],
    cookies: 'with-attributes',
    lengthInCharacters: true,
  },
  soap: { ...cwmpSim.soap, parameterFaults: 'all' },
  demands: { cwmpPrefix: true },
  unsupported: faulting(
    'GetRPCMethods',
    'GetParameterAttributes',
    'SetParameterAttributes',
    'Reboot',
    'FactoryReset',
    'ScheduleInform',
    'Upload',
    ...QUEUES,
  ),
};

/** mhils/tr069, a Python client that plays a Fritz!Box. */
const mhils: Dialect = {
  ...plain,
  name: 'mhils',
  soap: {
    ...plainSoap,
    envelopePrefix: 'soap',
    layout: 'indented',
    times: 'microseconds',
  },
  http: {
    ...plainHttp,
    headers: [
      ['Host', ''],
      ['Accept-Encoding', 'gzip, deflate'],
      ['Accept', '*/*'],
      ['Connection', 'keep-alive'],
      ['Content-Type', XML_TYPE],
      ['SOAPAction', '{method}'],
      ['Cookie', ''],
      ['Content-Length', ''],
      ['Authorization', ''],
      ['User-Agent', 'python-urllib3/1.26.12'],
    ],
  },
  reads: { unknownNames: 'left-out', partialPaths: 'values' },
};

export const dialects = {
  plain,
  easycwmp,
  orange,
  netcwmp,
  'cwmp-sim': cwmpSim,
  'genieacs-sim': genieacsSim,
  mhils,
} as const satisfies Readonly<Record<string, Dialect>>;
export type DialectName = keyof typeof dialects;
