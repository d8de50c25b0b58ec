// The second reading: what it mends, what it never mends, and that it reads what the first would have read.
import fc from 'fast-check';
import t from 'tap';
import { readLeniently, LONGEST_LENIENT } from '../../proxy/soap/lenient.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { REPAIRS } from '../../proxy/soap/repair.ts';
import { valuesArbitrary } from './rpc-values.ts';
import { ParameterValueStruct } from '../../proxy/rpc/structs.ts';
import { writeFields } from '../../proxy/soap/write-fields.ts';
import { DEFAULT_STYLE } from '../../proxy/soap/style.ts';

const around = (value: string): string =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><c:ID>7</c:ID></e:Header><e:Body><c:GetParameterValuesResponse><ParameterList><ParameterValueStruct><Name>A</Name><Value xsi:type="xsd:string">${value}</Value></ParameterValueStruct></ParameterList></c:GetParameterValuesResponse></e:Body></e:Envelope>`;

function valueOf(text: string): { readonly value: unknown; readonly repairs: readonly string[] } | string {
  const outcome = readLeniently(text);
  if (!outcome.ok) return outcome.reason;
  const { message } = outcome.envelope;
  const list =
    message.kind === 'response' && message.method === 'GetParameterValues' ? message.value.ParameterList : [];
  return { value: list[0]?.Value, repairs: outcome.repairs };
}

t.test('illegal characters are dropped', async (t) => {
  for (const text of ['a\x02b', 'a\0b', 'a&#2;b', 'a&#x0;b', 'a\ufffeb', 'a\ud800b', '\x01a\x1fb\x0b']) {
    t.match(readEnvelope(around(text)), { ok: false });
    t.same(valueOf(around(text)), { value: 'ab', repairs: ['illegal-characters'] }, JSON.stringify(text));
  }
});

t.test('ampersands that begin no reference stand for themselves', async (t) => {
  for (const text of ['R&D', 'a & b', 'a&b;', '&nbsp;', '&;', '&#;', 'x=1&y=2', '&AMP;', '&']) {
    t.match(readEnvelope(around(text)), { ok: false });
    t.same(valueOf(around(text)), { value: text, repairs: ['ampersands'] }, text);
  }
  t.same(
    valueOf(around('&lt;&amp;&#65;& <![CDATA[a & b &nbsp;]]><!-- & -->')),
    { value: '<&A& a & b &nbsp;', repairs: ['ampersands'] },
    'only where they mean a reference',
  );
  const attribute = around('x').replace('xsi:type="xsd:string"', 'xsi:type="xsd:string" src="a&b"');
  t.same(valueOf(attribute), { value: 'x', repairs: ['ampersands'] });
});

t.test('bytes behind the root element are dropped', async (t) => {
  for (const rest of [
    'x',
    '\0\0\0'.replaceAll('\0', 'z'),
    around('second'),
    '</e:Envelope>',
    ' <a',
    '<![CDATA[]]>',
    '&lt;',
  ]) {
    t.match(readEnvelope(around('x') + rest), { ok: false, reason: 'trailing-bytes' });
    t.same(valueOf(around('x') + rest), { value: 'x', repairs: ['trailing-bytes'] }, rest);
  }
  t.same(valueOf(`${around('x')}\0`), { value: 'x', repairs: ['illegal-characters'] });
});

t.test('all at once', async (t) => {
  t.same(valueOf(`${around('R&D\x01')}<FaultCode>1936485752`), { value: 'R&D', repairs: REPAIRS });
});

t.test('what is never mended', async (t) => {
  t.equal(valueOf(`<!DOCTYPE a [<!ENTITY x "y">]>${around('&x;')}`), 'doctype');
  t.equal(valueOf(around(`<a>`.repeat(70) + `</a>`.repeat(70))), 'too-deep');
  t.equal(valueOf(around('</Wrong>')), 'mismatched-tag');
  t.equal(valueOf(around('a < b')), 'malformed-tag');
  t.equal(valueOf(around('x').slice(0, -3)), 'truncated');
  t.equal(valueOf(around('<a b="1" b="2"/>')), 'duplicate-attribute');
  t.equal(valueOf(around('x'.repeat(LONGEST_LENIENT))), 'too-large');
  t.equal(valueOf('<a/>'), 'no-envelope');
  t.equal(valueOf(''), 'not-xml');
});

t.test('element names that fast-xml-parser holds unsafe', async (t) => {
  for (const name of ['__proto__', 'constructor', 'prototype']) {
    t.match(readEnvelope(around(`x<${name}/>`)), { ok: true }, 'the first reading skips them');
    t.equal(valueOf(around(`x<${name}/>`)), 'malformed-markup', name);
  }
});

t.test('where nothing is to be mended both readings agree', async (t) => {
  const noise = fc.constantFrom(
    '',
    ' ',
    '\r\n',
    '<!-- c -->',
    '<?pi?>',
    '<x:Other a="&lt;"><b/>t</x:Other>',
    '<![CDATA[&]]>',
    '<toString/>',
  );
  const extra = fc.constantFrom(
    '',
    '&#65;',
    '&amp;lt;',
    '<![CDATA[<&]]>',
    ' \r\n ',
    '<!-- -->',
    '007',
    '1e5',
    'true',
    '\u00a0',
  );
  const list = fc.array(fc.tuple(valuesArbitrary(ParameterValueStruct.fields), noise, extra), { maxLength: 4 });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(list, (items) => {
        const text = items
          .map(([values, other, more]) => {
            const fields = writeFields({ style: DEFAULT_STYLE }, ParameterValueStruct.fields, values as never);
            return `<ParameterValueStruct>${other}${fields.replace('</Value>', `${more}</Value>`)}</ParameterValueStruct>${other}`;
          })
          .join('');
        const whole = `<?xml version="1.0"?>${around('').replace(/<ParameterList>.*<\/ParameterList>/s, () => `<ParameterList>${text}</ParameterList>`)}\n`;
        const [first, second] = [readEnvelope(whole), readLeniently(whole)];
        if (!first.ok || !second.ok) return false;
        return JSON.stringify({ ...first, repairs: [] }) === JSON.stringify(second);
      }),
      { numRuns: 300 },
    ),
  );
});
