// Misbehaviour on demand, as the ACS sees it.
import t from 'tap';
import { startPair } from './pair.ts';
import { getValues, rpc, setValues, type AcsPost } from './scripted-acs.ts';
import { childOf, textOf } from './soap-read.ts';

const NTP = 'Device.Time.NTPServer1';
const SET = setValues([[NTP, 'new.example.net', 'string']], 'key-9');
const code = (post: AcsPost | undefined): string | undefined =>
  textOf(childOf(childOf(post?.content, 'detail'), 'Fault'), 'FaultCode');

t.test('faults: for a method, for a path, so many times', async (t) => {
  const { cpe, answers } = await startPair(t, { faults: [{ method: 'GetParameterValues', answer: 9002, times: 1 }] });
  cpe.misbehave({
    method: 'SetParameterValues',
    when: (path) => path === NTP,
    answer: { fault: 9003, parameters: [{ name: NTP, code: 9007 }] },
  });
  const replies = await answers(
    getValues(NTP),
    getValues(NTP),
    SET,
    setValues([['Device.Time.Enable', '0', 'boolean']]),
  );
  t.same(
    replies.map(({ method }) => method),
    ['Fault', 'GetParameterValuesResponse', 'Fault', 'SetParameterValuesResponse'],
  );
  t.same([code(replies[0]), code(replies[2])], ['9002', '9003']);
  t.match(replies[2]?.text, `<ParameterName>${NTP}</ParameterName><FaultCode>9007<`);
  t.equal(cpe.get(NTP), 'ntp1.example.net', 'a fault has no effect');
  cpe.behave();
  t.equal((await answers(SET))[0]?.method, 'SetParameterValuesResponse');
});

t.test('an empty POST in place of an answer', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  cpe.misbehave({ method: '*', answer: 'empty', times: 1 });
  t.match(await session('1 BOOT', rpc('GetRPCMethods'), getValues(NTP)), { ok: true, rpcs: [{ answer: 'empty' }, {}] });
  t.same(
    acs.posts.map(({ method }) => method),
    ['Inform', '', '', 'GetParameterValuesResponse'],
  );
});

t.test('the connection goes, with the effect and without', async (t) => {
  for (const executes of [false, true]) {
    const { cpe, session } = await startPair(t);
    cpe.misbehave({ method: 'SetParameterValues', answer: 'close', executes });
    t.match(await session('1 BOOT', SET), { ok: false, reason: /closed in place of an answer/ });
    t.equal(cpe.get(NTP), executes ? 'new.example.net' : 'ntp1.example.net');
    t.equal(cpe.get('Device.ManagementServer.ParameterKey'), executes ? 'key-9' : '');
  }
});

t.test('half an answer', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  cpe.misbehave({ method: 'GetParameterValues', answer: 'half-body' });
  t.match(await session('1 BOOT', getValues(NTP)), { ok: false, reason: /half an answer/ });
  t.same(
    acs.posts.map(({ method }) => method),
    ['Inform', ''],
    'it never arrives whole',
  );
});

t.test('no answer, until the ACS closes', async (t) => {
  const { acs, cpe } = await startPair(t);
  cpe.misbehave({ method: 'GetParameterValues', answer: 'never' });
  acs.queue(getValues(NTP));
  const [called, ended] = [cpe.waitFor('rpc'), cpe.nextSession()];
  cpe.inform('1 BOOT');
  t.match(await called, { answer: 'never' });
  t.ok(cpe.inSession);
  acs.posts.at(-1)?.socket.destroy();
  t.match(await ended, { ok: false, reason: /no answer/ });
});

t.test('answers that are no answer', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  cpe.misbehave({ method: 'GetRPCMethods', answer: 'wrong-response' });
  cpe.misbehave({ method: 'Reboot', answer: 'two-envelopes' });
  cpe.misbehave({ method: 'FactoryReset', answer: 'garbage' });
  await session('1 BOOT', rpc('GetRPCMethods'), rpc('Reboot', { CommandKey: '' }), rpc('FactoryReset'));
  const [wrong, two, garbage] = acs.posts.slice(2);
  t.equal(wrong?.method, 'RebootResponse');
  t.equal(two?.text.match(/<soap-env:Envelope /g)?.length, 2);
  t.equal(garbage?.envelope, undefined);
  t.ok((garbage?.text.length ?? 0) > 0);
});

t.test('an Inform that goes no further', async (t) => {
  const { acs, cpe, session } = await startPair(t, { timings: { retryScale: 1000 } });
  cpe.misbehave({ method: 'Inform', answer: 'half-body', times: 1 });
  t.match(await session('1 BOOT'), { ok: false });
  t.equal(acs.posts.length, 0);
  cpe.misbehave({ method: 'Inform', answer: 'close', times: 1 });
  t.match(await session('2 PERIODIC'), { ok: false, reason: 'abandoned after Inform, as told' });
  t.same(
    acs.posts.map(({ method }) => method),
    ['Inform'],
    'never an empty POST (quirk 13)',
  );
  t.match(await session('2 PERIODIC'), { ok: true, retryCount: 2 });
});
