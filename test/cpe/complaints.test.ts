// What the witness says of an ACS that writes what CPEs in the field stumble over.
import t from 'tap';
import { dialects } from './dialects.ts';
import { startPair } from './pair.ts';
import { acsEnvelope, getValues, rpc, setValues } from './scripted-acs.ts';
import { readEnvelope } from './soap-read.ts';
import { httpComplaints, soapComplaints, type Expectation } from './soap-complaints.ts';

const expected: Expectation = { envelopePrefix: 'soap-env', encodingPrefix: 'soap-enc', answersId: undefined };
const complaints = (text: string, expectation = expected): string[] => {
  const read = readEnvelope(text);
  if (!read.ok) throw new Error(read.reason);
  return soapComplaints(read.envelope, expectation);
};
const envelope = acsEnvelope(setValues([['Device.Time.Enable', '1', 'boolean']]), 'id-1');

t.test('an envelope that all can read', async (t) => {
  t.same(complaints(envelope), []);
  t.same(complaints(acsEnvelope(rpc('Reboot', { CommandKey: 'x' }), 'id-1')), []);
  t.same(
    complaints(acsEnvelope('<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>', '7'), {
      ...expected,
      answersId: '7',
    }),
    [],
  );
});

const cases: readonly [string, string, RegExp][] = [
  ['a declaration', `<?xml version="1.0"?>${envelope}`, /XML declaration \(quirk 1\)/],
  [
    'another prefix',
    envelope.replaceAll('soap-env:', 's:').replace('xmlns:soap-env', 'xmlns:s'),
    /envelope prefix is s/,
  ],
  ['another encoding prefix', envelope.replaceAll('soap-enc', 'enc'), /encoding prefix is enc/],
  ['no ID', envelope.replace(/<cwmp:ID.*<\/cwmp:ID>/, ''), /no cwmp:ID/],
  ['no mustUnderstand', envelope.replace(' soap-env:mustUnderstand="1"', ''), /mustUnderstand/],
  [
    'the RPC with a prefix of its own',
    envelope.replaceAll('cwmp:Set', 'c:Set').replace('xmlns:cwmp', 'xmlns:c="urn:dslforum-org:cwmp-1-0" xmlns:cwmp'),
    /prefix "c", not cwmp/,
  ],
  ['arguments with a prefix', envelope.replaceAll('ParameterKey>', 'cwmp:ParameterKey>'), /has a prefix/],
  ['an array without arrayType', envelope.replace(/ soap-enc:arrayType="[^"]*"/, ''), /no arrayType/],
  [
    'a count that is wrong',
    envelope.replace('Struct[1]', 'Struct[2]'),
    /says cwmp:ParameterValueStruct\[2\] and holds 1/,
  ],
  [
    'an arrayType that is wrong',
    envelope.replace('cwmp:ParameterValueStruct[1]', 'xsd:string[1]'),
    /not cwmp:ParameterValueStruct/,
  ],
  ['a value without type', envelope.replace(' xsi:type="xsd:boolean"', ''), /no xsi:type/],
  ['a type without prefix', envelope.replace('xsd:boolean', 'boolean'), /has the type boolean/],
  [
    'elements out of order',
    acsEnvelope(rpc('GetParameterNames', { NextLevel: 1, ParameterPath: '' }), '1'),
    /the schema has ParameterPath, NextLevel/,
  ],
];
for (const [what, text, complaint] of cases) {
  t.test(what, async (t) => {
    t.match(complaints(text), [complaint]);
  });
}

t.test('the ID of an answer', async (t) => {
  t.match(complaints(envelope, { ...expected, answersId: 'other' }), [/the ID is id-1, the request had other/]);
});

t.test('HTTP around it', async (t) => {
  const body = Buffer.from(envelope);
  const fine = ['Content-Type', 'text/xml; charset="utf-8"', 'Set-Cookie', 'sid=a1; Path=/', 'Content-Length', '9'];
  t.same(httpComplaints(200, fine, body), []);
  t.same(httpComplaints(204, [], Buffer.alloc(0)), []);
  t.match(httpComplaints(200, [], Buffer.alloc(0)), [/quirk 5/]);
  t.match(httpComplaints(200, ['set-cookie', 'sid=1'], body), [/not written Set-Cookie/]);
  t.match(httpComplaints(200, ['Set-Cookie', 'sid=a-b; HttpOnly'], body), [/quirk 4/]);
  t.match(httpComplaints(200, ['Content-Type', 'application/json'], body), [/Content-Type/]);
});

t.test('in a session', async (t) => {
  const { cpe, session } = await startPair(t);
  await session('1 BOOT', getValues('Device.Time.'));
  t.same(cpe.complaints, []);
  const picky = await startPair(t, { acs: { mirrorsPrefix: false }, dialect: dialects.orange });
  await picky.session('1 BOOT');
  t.match(picky.cpe.complaints[0], /the envelope prefix is soap-env, ours soapenv/);
});
