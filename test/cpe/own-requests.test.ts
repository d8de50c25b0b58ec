// What the CPE asks of the ACS by itself, and the order of it.
import t from 'tap';
import { autonomousTransferComplete, getRpcMethods, requestDownload } from './acs-requests.ts';
import { startPair } from './pair.ts';
import { acsEnvelope, getValues, rpc } from './scripted-acs.ts';

const XML = { 'Content-Type': 'text/xml; charset="utf-8"' };
const autonomous = autonomousTransferComplete({
  isDownload: true,
  announceUrl: '',
  transferUrl: 'http://files.example.net/fw',
  fileType: '1 Firmware Upgrade Image',
  fileSize: 8,
  targetFileName: '',
  faultCode: 0,
  faultText: '',
  startedAt: 0,
  completedAt: 1000,
});

t.test('before the empty POST, each with its event', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  cpe.ask(getRpcMethods());
  t.notOk(cpe.inSession, 'a request without an event waits for a session');
  acs.queue(getValues('Device.Time.Enable'));
  const ended = cpe.nextSession();
  cpe.ask(requestDownload('3 Vendor Configuration File', { Version: '2' }));
  cpe.ask(autonomous);
  t.match(await ended, { events: [{ code: '9 REQUEST DOWNLOAD' }, { code: '10 AUTONOMOUS TRANSFER COMPLETE' }] });
  t.same(
    acs.posts.map(({ method }) => method),
    ['Inform', 'GetRPCMethods', 'RequestDownload', 'AutonomousTransferComplete', '', 'GetParameterValuesResponse'],
  );
  t.match(acs.post('RequestDownload')?.text, '<Name>Version</Name><Value>2</Value>');
  await session('2 PERIODIC');
  t.equal(acs.posts.filter(({ method }) => method === 'RequestDownload').length, 1, 'once answered it is done with');
});

t.test('the ACS holds them back (HoldRequests)', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  const hold = (text: string, on: number): string =>
    text.replace(
      '</soap-env:Header>',
      `<cwmp:HoldRequests soap-env:mustUnderstand="1">${on}</cwmp:HoldRequests></soap-env:Header>`,
    );
  acs.intercept(({ method, envelope }) => {
    const response = '<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>';
    if (method === 'Inform')
      return { status: 200, headers: XML, body: hold(acsEnvelope(response, envelope?.id ?? ''), 1) };
    const isFirst = acs.posts.filter((post) => post.method === '').length === 1;
    return method === '' && isFirst
      ? { status: 200, headers: XML, body: hold(acsEnvelope(rpc('GetRPCMethods'), 'x'), 0) }
      : undefined;
  });
  cpe.ask(getRpcMethods());
  t.ok((await session('2 PERIODIC')).ok);
  t.same(
    acs.posts.map(({ method }) => method),
    ['Inform', '', 'GetRPCMethodsResponse', 'GetRPCMethods', ''],
  );
});

t.test('a fault in answer: it goes on, and asks again in the next session', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  const fault =
    '<soap-env:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>' +
    '<FaultCode>8003</FaultCode><FaultString>no</FaultString></cwmp:Fault></detail></soap-env:Fault>';
  let faults = 1;
  acs.intercept(({ method, envelope }) =>
    method === 'RequestDownload' && (faults -= 1) >= 0
      ? { status: 500, headers: XML, body: acsEnvelope(fault, envelope?.id ?? '') }
      : undefined,
  );
  const ended = cpe.nextSession();
  cpe.ask(requestDownload('1 Firmware Upgrade Image'));
  t.ok((await ended).ok);
  await session('2 PERIODIC');
  t.equal(acs.posts.filter(({ method }) => method === 'RequestDownload').length, 2);
});
