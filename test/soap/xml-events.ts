// One document as a list of events, by our tokenizer and by saxes, a conforming parser that serves as the oracle.
import { SaxesParser } from 'saxes';
import { Tokenizer } from '../../proxy/soap/tokenizer.ts';

/** A run of character data is one event, however many CDATA sections and references it is made of. */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: readonly (readonly [string, string])[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly name: string };

export type XmlReading =
  { readonly ok: true; readonly events: readonly XmlEvent[] } | { readonly ok: false; readonly reason: string };

class EventList {
  readonly events: XmlEvent[] = [];
  readonly #open: string[] = [];
  #text = '';

  open(name: string, attributes: readonly (readonly [string, string])[]): void {
    this.#flush();
    this.#open.push(name);
    this.events.push({ kind: 'open', name, attributes: [...attributes].sort(([a], [b]) => (a < b ? -1 : 1)) });
  }

  text(text: string): void {
    if (this.#open.length > 0) this.#text += text;
  }

  close(): void {
    this.#flush();
    this.events.push({ kind: 'close', name: this.#open.pop() ?? '' });
  }

  #flush(): void {
    if (this.#text !== '') this.events.push({ kind: 'text', text: this.#text });
    this.#text = '';
  }
}

export function readByTokenizer(text: string): XmlReading {
  const tokens = new Tokenizer(text);
  const list = new EventList();
  for (let token = tokens.next(); token !== 'end'; token = tokens.next()) {
    if (token === 'open')
      list.open(
        tokens.tag.name,
        tokens.tag.attributes.map(({ name, value }) => [name, value] as const),
      );
    else if (token === 'text') list.text(tokens.data());
    else list.close();
  }
  const { refusal } = tokens;
  return refusal === undefined ? { ok: true, events: list.events } : { ok: false, reason: refusal.reason };
}

export function readBySaxes(text: string): XmlReading {
  // Prefixes are left alone by both; XML 1.1 is read as 1.0, as the fifth edition of XML 1.0 has it.
  const parser = new SaxesParser({ xmlns: false, defaultXMLVersion: '1.0', forceXMLVersion: true });
  const list = new EventList();
  parser.on('opentag', ({ name, attributes }) => list.open(name, Object.entries(attributes)));
  parser.on('text', (data) => list.text(data));
  parser.on('cdata', (data) => list.text(data));
  parser.on('closetag', () => list.close());
  try {
    parser.write(text).close();
  } catch (error) {
    return { ok: false, reason: String(error) };
  }
  return { ok: true, events: list.events };
}
