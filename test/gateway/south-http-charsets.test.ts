// Bodies in latin-1, and with byte order marks, whatever the headers say of them (quirk 22): the letters arrive, and what
// we answer is UTF-8 without a mark (quirk 1).
import t from 'tap';
import { startHarness } from './harness.ts';
import { describedDevice, informText, rawConnection, rpcOf } from './south-tools.ts';

const VERSION = 'Größe 5 °C';
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const utf8 = (text: string): Buffer => Buffer.from(text);
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const declared = (charset: string, text: string): string => `<?xml version="1.0" encoding="${charset}"?>${text}`;
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

const BODIES: readonly (readonly [string, string, (text: string) => Buffer])[] = [
  ['latin-1, in HTTP only', 'text/xml; charset=ISO-8859-1', latin1],
  ['latin-1, quoted', 'text/xml; charset="iso-8859-1"', latin1],
  ['latin-1, in XML only', 'text/xml', (text) => latin1(declared('ISO-8859-1', text))],
  ['latin-1, said nowhere', 'text/xml', latin1],
  ['latin-1 that says it is UTF-8', 'text/xml; charset="utf-8"', latin1],
  ['windows-1252', 'text/xml; charset=windows-1252', latin1],
  ['UTF-8', 'text/xml; charset=utf-8', utf8],
  ['UTF-8, said nowhere', '', utf8],
  ['UTF-8 with a mark', 'text/xml; charset=utf-8', (text) => Buffer.concat([UTF8_MARK, utf8(text)])],
  [
    'UTF-8 with a mark that says it is latin-1',
    'text/xml; charset=ISO-8859-1',
    (text) => Buffer.concat([UTF8_MARK, utf8(text)]),
  ],
  [
    'UTF-8 with a mark and a declaration',
    'text/xml',
    (text) => Buffer.concat([UTF8_MARK, utf8(declared('UTF-8', text))]),
  ],
  ['UTF-16 with a mark', 'text/xml; charset=utf-16', utf16],
  ['an unknown charset', 'text/xml; charset=klingon', utf8],
];

t.test('bodies in any charset', async (t) => {
  const harness = await startHarness(t);
  for (const [index, [name, type, encode]] of BODIES.entries()) {
    const connection = await rawConnection(t, harness);
    const serial = `CHARSET${index}`;
    const body = encode(informText({ serial, values: { 'Device.DeviceInfo.SoftwareVersion': VERSION } }));
    const head = `POST / HTTP/1.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
    connection.send(Buffer.concat([Buffer.from(head), body]));
    const answer = await connection.response();
    t.equal(rpcOf(answer), 'InformResponse', name);
    t.match(answer.body, /^<soap-env:Envelope/);
    t.equal(answer.headers.get('content-type'), 'text/xml; charset="utf-8"');
    t.equal((await describedDevice(harness, `02C0DE-Raw-${serial}`)).SoftwareVersion, VERSION, name);
  }
});

t.test('a byte order mark alone is an empty POST', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  t.equal(rpcOf(await connection.exchange(informText({ serial: 'MARK' }))), 'InformResponse');
  connection.send(Buffer.concat([Buffer.from('POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n'), UTF8_MARK]));
  t.equal(rpcOf(await connection.response()), 'GetRPCMethods');
});
