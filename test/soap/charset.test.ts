// Which character set a body is read in (quirk 22).
import fc from 'fast-check';
import t from 'tap';
import { decodeBody } from '../../proxy/soap/charset.ts';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const declared = (encoding: string, text = ''): string => `<?xml version="1.0" encoding="${encoding}"?>${text}`;

t.test('the header comes first', async (t) => {
  t.equal(decodeBody(latin1('Café'), 'text/xml; charset=ISO-8859-1'), 'Café');
  t.equal(decodeBody(latin1(declared('UTF-8', 'Café')), 'text/xml;charset="iso-8859-1"'), declared('UTF-8', 'Café'));
  t.equal(decodeBody(utf8('Café'), "text/xml; action=x; CHARSET = 'utf-8'"), 'Café');
  t.equal(decodeBody(Buffer.from([0xc4, 0xe3]), 'text/xml; charset=gb2312'), '你');
  t.equal(decodeBody(Buffer.from('<a/>', 'utf16le'), 'text/xml; charset=utf-16le'), '<a/>');
  t.equal(decodeBody(utf8('é'), 'text/xml; charset=iso-8859-1'), 'Ã©', 'even where it is wrong');
});

t.test('then the XML declaration', async (t) => {
  for (const contentType of [undefined, '', 'text/xml', 'text/html']) {
    t.equal(decodeBody(latin1(declared('ISO-8859-1', 'Café')), contentType), declared('ISO-8859-1', 'Café'));
    t.equal(
      decodeBody(Buffer.concat([utf8(declared('GBK')), Buffer.from([0xc4, 0xe3])]), contentType),
      declared('GBK', '你'),
    );
  }
});

t.test('then UTF-8, and ISO-8859-1 where that does not fit', async (t) => {
  t.equal(decodeBody(utf8('Café €'), undefined), 'Café €');
  t.equal(decodeBody(latin1('Café'), undefined), 'Café');
  t.equal(decodeBody(latin1('Café'), 'text/xml; charset=utf-8'), 'Café', 'also against the header');
  t.equal(decodeBody(latin1(declared('UTF-8', 'é')), undefined), declared('UTF-8', 'é'), 'and the declaration');
  t.equal(decodeBody(utf8('é'), 'text/xml; charset=us-ascii'), 'é');
  t.equal(decodeBody(utf8('é'), 'text/xml; charset=x-unknown-9'), 'é', 'an unknown name counts as none');
  t.equal(decodeBody(latin1('\x80\x9f'), undefined), '\x80\x9f', 'not Windows-1252');
});

t.test('a byte order mark beats all, and is dropped', async (t) => {
  t.equal(decodeBody(utf8('\ufeff<a>é</a>'), 'text/xml; charset=iso-8859-1'), '<a>é</a>');
  t.equal(decodeBody(utf8('\ufeff<a/>'), undefined), '<a/>');
  t.equal(
    decodeBody(
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<a>漢</a>', 'utf16le')]),
      'text/xml; charset=utf-8',
    ),
    '<a>漢</a>',
  );
  t.equal(decodeBody(Buffer.from([0xfe, 0xff, 0x00, 0x3c, 0x6f, 0x22]), undefined), '<漢');
});

t.test('any view of bytes, and any bytes', async (t) => {
  const whole = new Uint8Array(utf8('xx<a>é</a>xx'));
  t.equal(decodeBody(whole.subarray(2, 11), undefined), '<a>é</a>'.slice(0, 8));
  t.equal(decodeBody(new Uint8Array(0), undefined), '');
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array(), fc.option(fc.string(), { nil: undefined }), (bytes, label) => {
        const text = decodeBody(bytes, label === undefined ? undefined : `text/xml; charset=${label}`);
        return typeof text === 'string';
      }),
    ),
  );
});
