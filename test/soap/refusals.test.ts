// Every reason for which a body is refused, each with the bodies that provoke it.
import t from 'tap';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../proxy/soap/refusal.ts';

const around = (body: string): string => `<e:Envelope><e:Body>${body}</e:Body></e:Envelope>`;
const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
const attributes = (count: number): string => Array.from({ length: count }, (_, index) => ` a${index}="1"`).join('');

const REFUSED: Readonly<Record<RefusalReason, readonly string[]>> = {
  'too-large': [around(' '.repeat(1000))],
  'not-xml': ['', 'OK', '{"json":true}', '\0\0\0', 'POST / HTTP/1.1\r\n\r\n<a/>', '\ufeff\ufeff<a/>', ']]>', '</a>'],
  doctype: [
    '<!DOCTYPE a><a/>',
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><lolz>&lol2;</lolz>',
    `<!DOCTYPE a SYSTEM "file:///etc/passwd">${around('')}`,
    around('<!DOCTYPE a>'),
  ],
  'too-deep': [around(nested(63)), '<a>'.repeat(65), '<a>'.repeat(100_000)],
  'too-many-attributes': [around(`<a${attributes(65)}/>`)],
  'illegal-character': [
    around('\x01'),
    around('<a b="\x1f"/>'),
    around('<!--\0-->'),
    around('<![CDATA[\ufffe]]>'),
    around('<a\0>'),
    around('\ud800'),
  ],
  'unknown-entity': [
    around('&nbsp;'),
    around('R&D'),
    around('a & b'),
    around('&;'),
    around('&#;'),
    around('&#x;'),
    around('<a b="&c;"/>'),
    around('&constructor;'),
  ],
  'illegal-reference': [
    around('&#0;'),
    around('&#x2;'),
    around('&#xD800;'),
    around('&#xFFFF;'),
    around('&#x110000;'),
    around(`&#${'9'.repeat(400)};`),
  ],
  'malformed-tag': [
    around('<1/>'),
    around('< a/>'),
    around('<a b/>'),
    around('<a b=c/>'),
    around('<a b="1"c="2"/>'),
    around('<a b="<"/>'),
    around('<a / >'),
    around('</>'),
    around('<a></a b>'),
    around('<é\u00d7/>'),
  ],
  'duplicate-attribute': [around('<a b="1" b="2"/>'), around('<a x:b="1" c="3" x:b="1"/>')],
  'malformed-markup': [
    around('<!-- -- -->'),
    around(']]>'),
    around('<!ELEMENT a>'),
    '<!--x--><?xml version="1.0"?><a/>',
    ' <?xml version="1.0"?><a/>',
    '<?xml version="2.0"?><a/>',
    '<?xml encoding="UTF-8"?><a/>',
    '<?XML a?><a/>',
    '<![CDATA[]]><a/>',
  ],
  'mismatched-tag': [
    around('<a></b>'),
    around('<a></A>'),
    around('<x:a></y:a>'),
    around('<a><b></a></b>'),
    around('<ab></a>'),
  ],
  truncated: [
    '<',
    '<a',
    '<a>',
    '<a b="',
    '<a></a',
    '<!-- ',
    '<?xml version="1.0"',
    '  ',
    around('<![CDATA[').slice(0, -20),
    '<e:Envelope><e:Body>',
  ],
  'trailing-bytes': [
    `${around('<a/>')}x`,
    `${around('<a/>')}\0`,
    `${around('<a/>')}${around('<a/>')}`,
    `${around('<a/>')}<![CDATA[]]>`.replace('<![CDATA[]]>', '</a>'),
  ],
  'no-envelope': ['<a/>', '<html><body>503</body></html>', '<envelope/>'],
  'no-body': ['<e:Envelope/>', '<e:Envelope><e:Header/></e:Envelope>', '<e:Envelope><x><e:Body/></x></e:Envelope>'],
  'empty-body': ['<e:Envelope><e:Body/></e:Envelope>', around(' \n '), around('text <!-- <c:Inform/> -->')],
  'missing-element': [around('<c:Inform/>'), around('<c:Inform><Event/><DeviceID/></c:Inform>')],
};

for (const reason of REFUSAL_REASONS) {
  t.test(reason, async (t) => {
    for (const text of REFUSED[reason]) {
      const outcome = readEnvelope(text, reason === 'too-large' ? { maxCharacters: 1000 } : {});
      t.match(outcome, { ok: false, reason }, JSON.stringify(text.slice(0, 60)));
    }
  });
}

t.test('a refusal tells where, and never a value', async (t) => {
  const password = 'hunter2';
  for (const broken of [
    '<Value>PASSWORD\x01</Value>',
    '<Value>PASSWORD&x;</Value>',
    '<Value a="PASSWORD" a="">',
    '<Value>PASSWORD</Valu>',
    '<Value>PASSWORD',
  ]) {
    const outcome = readEnvelope(around(broken.replace('PASSWORD', password)));
    const detail = outcome.ok ? 'accepted' : outcome.detail;
    t.match(detail, /^at character \d+/);
    t.notMatch(detail, password);
  }
});

t.test('just inside the bounds', async (t) => {
  t.match(readEnvelope(around(nested(62))), { ok: true });
  t.match(readEnvelope(around(`<a${attributes(64)}/>`)), { ok: true });
});
