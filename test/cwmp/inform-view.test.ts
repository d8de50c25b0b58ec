// What an ACS behind Causeway sees of Informs in which something is ours.
import t from 'tap';
import type { InformFacts } from '../../proxy/cwmp/upstream/inform-view.ts';
import { viewInform } from '../../proxy/cwmp/upstream/inform-view.ts';
import type { Ledger } from '../../proxy/device/ledger.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { NOTHING_UPSTREAM, type UpstreamRecord } from '../../proxy/store/upstream-steps.ts';

const OURS = '1ABCDEFGHIJKLMNOPQRST01';
const KEY = 'Device.ManagementServer.ParameterKey';
const VERSION = 'Device.DeviceInfo.SoftwareVersion';
const WATCHED = 'Device.Time.NTPServer1';
const LEDGER: Ledger = new Map([[WATCHED, { value: '', notification: 2, before: 0, subscriptions: [1] }]]);

type Pair = readonly [string, string];
const informText = (events: readonly Pair[], values: readonly Pair[], retry = 0): string =>
  '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><cwmp:Inform xmlns:cwmp="urn:dslforum-org:cwmp-1-0">' +
  '<DeviceId><Manufacturer>é</Manufacturer><OUI>02C0DE</OUI><ProductClass>R</ProductClass><SerialNumber>1</SerialNumber></DeviceId>' +
  `<Event arrayType="cwmp:EventStruct[0${events.length}]">` +
  events
    .map(([code, key]) => `<EventStruct><EventCode>${code}</EventCode><CommandKey>${key}</CommandKey></EventStruct>\n`)
    .join('') +
  `</Event><MaxEnvelopes>1</MaxEnvelopes><CurrentTime>2026-01-01T00:00:00Z</CurrentTime><RetryCount>${retry}</RetryCount>` +
  `<ParameterList arrayType="cwmp:ParameterValueStruct[${values.length}]">` +
  values
    .map(([name, value]) => `<ParameterValueStruct><Name>${name}</Name><Value>${value}</Value></ParameterValueStruct>`)
    .join('') +
  '</ParameterList></cwmp:Inform></e:Body></e:Envelope>';

function view(
  text: string,
  facts: Partial<Omit<InformFacts, 'inform'>> = {},
): { readonly shown: string | undefined; readonly upstream: UpstreamRecord } {
  const read = readEnvelope(text);
  if (!read.ok || read.envelope.message.kind !== 'request' || read.envelope.message.method !== 'Inform')
    throw new Error('no Inform');
  const inform = read.envelope.message.value;
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const doings = { called: false, diagnostic: false };
  const { shown, upstream } = viewInform(bytes, {
    inform,
    upstream: NOTHING_UPSTREAM,
    ledger: new Map(),
    doings,
    ...facts,
  });
  return { shown: shown === undefined ? undefined : Buffer.from(shown, 'latin1').toString('utf8'), upstream };
}
const CALLED = { called: true, diagnostic: false };
const VALUES: readonly Pair[] = [
  [VERSION, '1.0'],
  [KEY, ''],
];

t.test('one in which nothing is ours passes byte for byte', async (t) => {
  const text = informText([['2 PERIODIC', '']], VALUES);
  t.equal(view(text).shown, text);
  const empty = informText([], VALUES);
  t.equal(view(empty, { doings: CALLED }).shown, empty, 'an Inform without events (quirk 19)');
});

t.test('a session that we called for is not shown, nor when the CPE comes with it again', async (t) => {
  const first = view(informText([['6 CONNECTION REQUEST', '']], VALUES), { doings: CALLED });
  t.equal(first.shown, undefined);
  t.same(first.upstream.kept, ['6 CONNECTION REQUEST']);
  const again = informText([['6 CONNECTION REQUEST', '']], VALUES, 1);
  t.equal(view(again, { upstream: first.upstream }).shown, undefined);
  const theirs = informText([['6 CONNECTION REQUEST', '']], VALUES);
  t.equal(view(theirs, { upstream: first.upstream }).shown, theirs, 'the next one may be of the ACS');
  const both = view(
    informText(
      [
        ['2 PERIODIC', ''],
        ['6 CONNECTION REQUEST', ''],
      ],
      VALUES,
    ),
    { doings: CALLED },
  );
  t.equal(
    both.shown,
    informText([['2 PERIODIC', '']], VALUES)
      .replace('</EventStruct>\n', '</EventStruct>\n\n')
      .replace('[01]', '[1]'),
  );
});

t.test('transfers are told by their CommandKeys', async (t) => {
  const ours: readonly Pair[] = [
    ['7 TRANSFER COMPLETE', ''],
    ['M Download', OURS],
  ];
  t.equal(view(informText(ours, VALUES)).shown, undefined);
  const both = view(informText([...ours, ['M Download', 'theirs']], VALUES)).shown;
  t.match(both, '7 TRANSFER COMPLETE');
  t.match(both, 'theirs');
  t.notMatch(both, OURS);
  t.match(both, 'EventStruct[2]');
  const other = view(informText([...ours, ['M Reboot', 'theirs']], VALUES)).shown;
  t.notMatch(other, '7 TRANSFER');
});

t.test('a boot concerns everybody, whoever asked for it', async (t) => {
  const { shown } = view(
    informText(
      [
        ['1 BOOT', ''],
        ['M Reboot', OURS],
      ],
      VALUES,
    ),
  );
  t.match(shown, '1 BOOT');
  t.notMatch(shown, 'M Reboot');
});

t.test('a diagnostic is ours while one of ours runs', async (t) => {
  const text = informText([['8 DIAGNOSTICS COMPLETE', '']], VALUES);
  t.equal(view(text).shown, text);
  t.equal(view(text, { doings: { called: false, diagnostic: true } }).shown, undefined);
});

t.test('the ParameterKey is the last one that is not ours', async (t) => {
  const theirs = view(
    informText(
      [['2 PERIODIC', '']],
      [[KEY, 'their & key']].map(([n = '', v = '']) => [n, v.replace('&', '&amp;')]),
    ),
  );
  t.equal(theirs.upstream.ParameterKey, 'their & key');
  const { shown, upstream } = view(informText([['2 PERIODIC', '']], [[KEY, OURS]]), { upstream: theirs.upstream });
  t.match(shown, '<Value>their &amp; key</Value>');
  t.match(shown, 'é', 'and every other byte is what it was');
  t.equal(upstream.ParameterKey, 'their & key');
  const reset = view(informText([['0 BOOTSTRAP', '']], [[KEY, '']]), {
    upstream: { ...upstream, watched: ['Device.'] },
  });
  t.match(reset.upstream, { ParameterKey: '', watched: [] }, 'a factory reset takes all back');
});

t.test('a value that only we watch', async (t) => {
  const { upstream } = view(informText([['2 PERIODIC', '']], VALUES), { ledger: LEDGER });
  const change: readonly Pair[] = [['4 VALUE CHANGE', '']];
  const facts = { ledger: LEDGER, upstream };
  t.equal(view(informText(change, [...VALUES, [WATCHED, 'x']]), facts).shown, undefined);
  const more = view(informText(change, [...VALUES, [WATCHED, 'x'], ['Device.X', 'y']]), facts).shown;
  t.equal(more, informText(change, [...VALUES, ['Device.X', 'y']]).replace('[01]', '[01]'), 'others are told');
  const always = view(
    informText(change, [
      [VERSION, '2.0'],
      [KEY, ''],
      [WATCHED, 'x'],
    ]),
    facts,
  ).shown;
  t.match(always, '4 VALUE CHANGE', 'one of every Inform has changed too');
  t.notMatch(always, WATCHED);
  const watched = { ...upstream, watched: ['Device.Time.'] };
  t.match(view(informText(change, [...VALUES, [WATCHED, 'x']]), { ledger: LEDGER, upstream: watched }).shown, WATCHED);
});
