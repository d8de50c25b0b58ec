// Hostile sizes cost in proportion. What is compared is CPU time at one size and at eight times that size: linear work
// takes eight times as long, quadratic work sixty-four times. Sizes are chosen so that neither is lost in noise.
import t from 'tap';
import { readLeniently } from '../../proxy/soap/lenient.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';

const FACTOR = 8;
/** Between eight and sixty-four, nearer to what garbage collection and caches make of eight. */
const MOST = 28;
const SIZE = 80_000;

function cpuTime(work: () => unknown): number {
  const samples = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  });
  return Math.min(...samples);
}

const fill = (part: string, size: number): string => part.repeat(Math.ceil(size / part.length));
const around = (body: string): string => `<e:Envelope><e:Body><c:Inform>${body}</c:Inform></e:Body></e:Envelope>`;

const HOSTILE: Readonly<Record<string, (size: number) => string>> = {
  'one long value': (size) => around(`<a>${fill('x', size)}</a>`),
  references: (size) => around(`<a>${fill('&amp;', size)}</a>`),
  'one reference far ahead': (size) => around(`${fill('<a>x</a>', size)}&amp;`),
  'line ends': (size) => around(`<a>${fill('\r', size)}</a>`),
  'tiny elements': (size) => around(fill('<a/>', size)),
  'tags that are all different': (size) =>
    around(Array.from({ length: size / 8 }, (_, index) => `<a${index + 1e5}/>`).join('')),
  'long tags that differ at their end': (size) =>
    around(Array.from({ length: size / 400 }, (_, index) => `<${'a'.repeat(380)}${index + 1e5}/>`).join('')),
  'an attribute with references': (size) => around(`<a b="${fill('&lt;', size)}"/>`),
  comments: (size) => around(fill('<a>x<!---->y</a>', size)),
  'sections in one value': (size) => around(`<a>${fill('<![CDATA[]]]]>', size)}</a>`),
  'comments that never end': (size) => around(fill('<!--', size)),
  'sections that never end': (size) => around(fill('<![CDATA[', size)),
  'instructions that never end': (size) => around(fill('<?a ', size)),
  'open tags without end': (size) => fill('<a ', size),
  'white space': (size) => fill(' ', size),
  'a long XML declaration': (size) => `<?xml${fill(' ', size)}`,
  'many parameters': (size) =>
    around(
      `<ParameterList>${fill('<ParameterValueStruct><Name>a</Name></ParameterValueStruct>', size)}</ParameterList>`,
    ),
  'repeated results': (size) =>
    around('')
      .replaceAll('Inform', 'DUStateChangeComplete')
      .replace('><', `>${fill('<Results><UUID>x</UUID></Results>', size)}<`),
};

t.test('strict reading is linear', async (t) => {
  for (const [name, make] of Object.entries(HOSTILE)) {
    const [small, large] = [make(SIZE), make(SIZE * FACTOR)];
    readEnvelope(small);
    // A millisecond below the line is beyond what the clock resolves.
    const base = Math.max(
      cpuTime(() => readEnvelope(small)),
      500,
    );
    const ratio = cpuTime(() => readEnvelope(large)) / base;
    t.ok(ratio < MOST, `${name}: ${ratio.toFixed(1)} times the work`);
  }
});

t.test('lenient reading is linear up to its bound', async (t) => {
  const bound = 256 * 1024;
  for (const part of ['&', '<!--', '<![CDATA[', '<?', '\x01', '&#2;', '&x;', '<a>&</a>']) {
    const [small, large] = [around(fill(part, bound / FACTOR / 2)), around(fill(part, bound / 2))];
    readLeniently(small);
    const base = Math.max(
      cpuTime(() => readLeniently(small)),
      500,
    );
    const ratio = cpuTime(() => readLeniently(large)) / base;
    t.ok(ratio < MOST, `${JSON.stringify(part)}: ${ratio.toFixed(1)} times the work`);
  }
});

t.test('100 000 levels are refused at the sixty-fifth', async (t) => {
  const outcome = readEnvelope('<a>'.repeat(100_000));
  t.match(outcome, { ok: false, reason: 'too-deep', detail: 'at character 193' });
});

t.test('ten megabytes of garbage are refused at the first byte', async (t) => {
  t.match(readEnvelope('\x7fELF'.repeat(2_500_000)), { ok: false, reason: 'not-xml', detail: 'at character 0' });
});
