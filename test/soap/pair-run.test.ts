// Lists of structs, most written alike and some not: the run ahead finds in them what saxes finds, and refuses with the
// tokenizer's own reason and place. With many lists that change their hand at every struct, so that it learns and fails.
import fc from 'fast-check';
import t from 'tap';
import { NO_RUN, type PairRun } from '../../proxy/soap/cursor.ts';
import { interpretEnvelope, readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { Tokenizer } from '../../proxy/soap/tokenizer.ts';
import { type Element, parse } from './witness.ts';

const texts = fc.constantFrom(
  '',
  'a',
  ' b ',
  'Device.A.1.',
  'x>y',
  'Ü',
  '&amp;&#65;',
  '\r\n',
  '<![CDATA[<]]>',
  '<!-- c -->',
);
const broken = fc.constantFrom(']]>', '\u0001', '&nbsp;', '<b>', '</Name>', '&', '<b/>');
/** How a struct is written around its two texts. */
const hands = [
  (name: string, value: string) => `<S><Name>${name}</Name><Value xsi:type="xsd:string">${value}</Value></S>`,
  (name: string, value: string) => `<S><Name>${name}</Name><Value xsi:type="xsd:int">${value}</Value></S>`,
  (name: string, value: string) => `\n <S>\n<Name>${name}</Name>\n<Value xsi:type="xsd:int">${value}</Value>\n</S>\n`,
  (name: string) => `<S><Name>${name}</Name><Value xsi:type="xsd:string"/></S>`,
  (name: string) => `<S><Name>${name}</Name></S>`,
  (name: string, value: string) => `<S><Value>${value}</Value><Name>${name}</Name></S>`,
  (name: string, value: string) => `<S><Name>${name}</Name><Value>${value}</Value><Value>2</Value></S>`,
  (name: string, value: string) => `<S><Name>q</Name><Name>${name}</Name><X>0</X><Value>${value}</Value></S>`,
  (name: string, value: string) => `<!-- c --><S a="&lt;"><Name/><Value xsi:type="n">${value}</Value>${name}</S>`,
  (name: string, value: string) => `<X/><S>${name}<Name>1</Name>2<X/><Value>${value}</Value><X>3</X></S>`,
  () => '<S/>',
];
const hand = fc.nat(hands.length - 1);
const listOf = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(hand, fc.array(fc.tuple(texts, text, fc.option(hand, { freq: 3 })), { maxLength: 12 }))
    .map(([usual, structs]) => structs.map(([name, value, own]) => hands[own ?? usual]?.(name, value) ?? '').join(''));
const sound = listOf(texts);
const unsound = listOf(fc.oneof({ arbitrary: texts, weight: 8 }, { arbitrary: broken, weight: 1 }));

const document = (list: string): string =>
  '<e:Envelope xmlns:e="e" xmlns:xsi="i"><e:Body><GetParameterValuesResponse><ParameterList>' +
  list.replaceAll('S>', 'ParameterValueStruct>').replaceAll('<S', '<ParameterValueStruct') +
  '</ParameterList></GetParameterValuesResponse></e:Body></e:Envelope>';

class WithoutRun extends Tokenizer {
  override pairRun(): PairRun {
    return NO_RUN;
  }
}

function readPlainly(text: string): ReturnType<typeof readEnvelope> {
  const tokens = new WithoutRun(text);
  const outcome = interpretEnvelope(tokens);
  return tokens.refusal === undefined ? outcome : { ok: false, ...tokens.refusal };
}

const last = ({ children }: Element, name: string): Element | undefined =>
  children.findLast((child) => child.name === name);

function bySaxes(text: string): unknown {
  const [list] = parse(text).children[0]?.children[0]?.children ?? [];
  return list?.children
    .filter(({ name }) => name === 'ParameterValueStruct')
    .map((struct) => ({
      Name: (last(struct, 'Name')?.text ?? '').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''),
      Value: last(struct, 'Value')?.text ?? '',
      Type: (last(struct, 'Value')?.attributes['xsi:type'] ?? '').replace('xsd:', ''),
    }));
}

t.test('what saxes reads', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(sound, (list) => {
        const text = document(list);
        const outcome = readEnvelope(text);
        if (!outcome.ok || outcome.envelope.message.kind !== 'response') return false;
        const { ParameterList } = outcome.envelope.message.value as { ParameterList: unknown };
        return JSON.stringify(ParameterList) === JSON.stringify(bySaxes(text));
      }),
      { numRuns: 1500 },
    ),
  );
});

t.test('refused as without it', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(unsound, fc.nat(), fc.boolean(), (list, place, cut) => {
        const whole = document(list);
        const text = cut ? whole.slice(0, place % whole.length) : whole;
        return JSON.stringify(readEnvelope(text)) === JSON.stringify(readPlainly(text));
      }),
      { numRuns: 1500 },
    ),
  );
});

t.test('it does go ahead', async (t) => {
  const list = Array.from(
    { length: 50 },
    (_, index) => hands[index % 2 === 0 ? 0 : 3]?.(`Device.A.${index}`, 'v') ?? '',
  );
  let read = 0;
  class Counted extends Tokenizer {
    override next(): ReturnType<Tokenizer['next']> {
      read++;
      return super.next();
    }
  }
  t.ok(interpretEnvelope(new Counted(document(list.join('')))).ok);
  t.ok(read < 50, `${read} tokens for 50 structs`);
});
