// The tokenizer against saxes: both accept a document and see the same in it, or both refuse it. The deliberate
// differences: we refuse every DOCTYPE, more than 64 levels, more than 64 attributes on a tag, and lone surrogates.
import fc from 'fast-check';
import t from 'tap';
import { readByTokenizer, readBySaxes } from './xml-events.ts';

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'Value', 'cwmp:ID', 'ParameterValueStruct', 'SOAP-ENV:Body', 'ns1:b') },
  { weight: 1, arbitrary: fc.constantFrom('_', ':', 'a:b:c', 'x.y-z·', 'é', 'Ā1', '𐀀', 'a:') },
);
const white = fc.constantFrom('', '', '', ' ', '\n', '\t ', '\r\n', '\r');
const gap = fc.constantFrom(' ', '\n', '  ', '\r\n\t');
const plain = fc.constantFrom(
  'text',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  ']',
  ']]',
  '>',
  '"',
  "'",
  'ü',
  '漢',
  '😀',
  '\u0085',
  '\u2028',
  '\ufffd',
);
const reference = fc.constantFrom(
  '&amp;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&apos;',
  '&#65;',
  '&#x1F600;',
  '&#13;',
  '&#xD;',
  '&#10;',
);
const attribute = fc
  .tuple(gap, name, white, white, fc.constantFrom('"', "'"), fc.array(fc.oneof(plain, reference), { maxLength: 4 }))
  .map(([before, key, left, right, quote, parts]) => {
    const value = parts.join('').replaceAll(quote, '');
    return { key, text: `${before}${key}${left}=${right}${quote}${value}${quote}` };
  });
const attributes = fc
  .uniqueArray(attribute, { maxLength: 3, selector: ({ key }) => key })
  .map((list) => list.map(({ text }) => text).join(''));
const comment = fc.constantFrom('<!---->', '<!-- c -->', '<!--<a>&x;-->', '<!-- - -->');
const instruction = fc.constantFrom('<?a?>', '<?pi some <data> & more?>', '<?x ??>', '<?xml-stylesheet a="b"?>');
const section = fc.constantFrom(
  '<![CDATA[]]>',
  '<![CDATA[<a>&amp;]]>',
  '<![CDATA[]] >]]>',
  '<![CDATA[a\r\nb]]>',
  '<![CDATA[]]]]>',
);
/** Without a `]]>`, be it of its own or of two neighbours. */
const safeText = fc.array(fc.oneof(plain, reference), { maxLength: 5 }).map((parts) =>
  parts
    .join('')
    .replace(/^[\]>]+|\]+$/g, '')
    .replaceAll(']]>', ']]&gt;'),
);

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(name, attributes, white, fc.option(tie('content')))
    .map(([tag, list, end, content]) =>
      content === null ? `<${tag}${list}${end}/>` : `<${tag}${list}${end}>${content}</${tag}${end}>`,
    ),
  content: fc
    .array(
      fc.oneof({ depthSize: 'small', withCrossShrink: true }, safeText, section, comment, instruction, tie('element')),
      { maxLength: 5 },
    )
    .map((parts) => parts.join('')),
}));
const declaration = fc.constantFrom(
  '',
  '',
  '<?xml version="1.0"?>',
  "<?xml version='1.1' encoding='UTF-8' standalone='yes' ?>",
  '\ufeff<?xml version="1.0" encoding="iso-8859-1"?>',
);
const misc = fc.oneof(white, comment, instruction);
const document = fc.tuple(declaration, misc, element, misc).map((parts) => parts.join(''));

const splinter = fc.constantFrom(
  ...[
    '<',
    '>',
    '&',
    ';',
    '"',
    "'",
    '=',
    '/',
    '!',
    '?',
    '-',
    '--',
    ']]>',
    '<!--',
    '-->',
    '<![CDATA[',
    '<?',
    '?>',
    '</',
    '/>',
  ],
  ...[
    '&a;',
    '&#0;',
    '&#x2;',
    '&#xD800;',
    '&#xFFFE;',
    '&#;',
    '&#x;',
    '&#1114112;',
    '&#99999999999;',
    '&AMP;',
    '&#X41;',
    '& ',
  ],
  ...[
    '\0',
    '\x01',
    '\x1f',
    '\x7f',
    '\ufffe',
    '\uffff',
    '\ud800',
    '\udc00',
    '\ufeff',
    'x',
    ' ',
    '\n',
    ':',
    '1',
    '<a>',
    '</a>',
  ],
  ...['<?xml version="1.0"?>', '<?XML?>', '<?xml?>', 'xml', '<b/>', ' a="1"', ' a="2"', '<?a?', '<!a>', '<!ELEMENT a>'],
);
const edit = fc.tuple(fc.nat(), fc.nat(6), splinter, fc.constantFrom('insert', 'remove', 'replace', 'repeat'));
const damaged = fc.tuple(document, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) =>
  edits.reduce((before, [place, length, extra, how]) => {
    const at = place % (before.length + 1);
    const [head, cut, tail] = [before.slice(0, at), before.slice(at, at + length), before.slice(at + length)];
    if (how === 'insert') return head + extra + cut + tail;
    if (how === 'remove') return head + tail;
    return how === 'replace' ? head + extra + tail : head + cut + cut + tail;
  }, text),
);

/** `<?a?b?>`: nothing but white space may follow the target of a processing instruction; saxes lets it pass. */
const TARGET_WITH_QUESTION = /<\?[^ \t\r\n?]+\?(?!>)/;

/** Whether the two agree; what only we refuse, and on purpose, counts as agreement. */
function agree(text: string): boolean {
  const ours = readByTokenizer(text);
  // saxes joins a lone surrogate to whatever follows; it is no character at all.
  if (!text.isWellFormed()) return !ours.ok;
  const theirs = readBySaxes(text);
  if (!ours.ok && ['doctype', 'too-deep', 'too-many-attributes'].includes(ours.reason)) return true;
  if (!ours.ok && TARGET_WITH_QUESTION.test(text)) return true;
  if (!ours.ok || !theirs.ok) return ours.ok === theirs.ok;
  return JSON.stringify(ours.events) === JSON.stringify(theirs.events);
}

t.test('well-formed documents are accepted by both, with the same events', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(document, (text) => readByTokenizer(text).ok && agree(text)),
      { numRuns: 1000 },
    ),
  );
});

t.test('damaged documents find the same verdict', async (t) => {
  t.doesNotThrow(() => fc.assert(fc.property(damaged, agree), { numRuns: 6000 }));
});

t.test('any string finds the same verdict', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => agree(`<a>${text}</a>`) && agree(text)),
      { numRuns: 2000 },
    ),
  );
});

t.test('what is cut off is never taken for whole', async (t) => {
  const sample =
    '<?xml version="1.0" encoding=\'UTF-8\'?>\r\n<!-- c --><e:E xmlns:e = "u>\'&lt;"><?pi x?><a>1&#13;<![CDATA[<&]] >]]></a ><b/></e:E>';
  t.ok(readByTokenizer(sample).ok && agree(sample));
  for (let length = 0; length < sample.length; length++) {
    const cut = sample.slice(0, length);
    const ours = readByTokenizer(cut);
    t.equal(ours.ok ? 'accepted' : ours.reason, length === 0 ? 'not-xml' : 'truncated', cut);
    t.ok(agree(cut));
  }
});
