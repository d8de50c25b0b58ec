import t from 'tap';
import { createCpe } from './cpe.ts';
import { dialects, type DialectName } from './dialects.ts';
import { loadDump } from './dumps.ts';
import { startPair } from './pair.ts';
import { acsEnvelope, getValues, rpc, startScriptedAcs, type AcsReply } from './scripted-acs.ts';
import { childOf, textOf } from './soap-read.ts';

t.test('a first session: Inform, empty POST, RPCs one by one, 204', async (t) => {
  const acs = await startScriptedAcs();
  const cpe = createCpe({ dump: loadDump('tiny-tr181'), acsUrl: acs.url });
  t.teardown(async () => Promise.all([cpe.stop(), acs.close()]));
  acs.queue(getValues('Device.DeviceInfo.SoftwareVersion', 'Device.Time.'), rpc('GetRPCMethods'));
  const ended = cpe.nextSession();
  await cpe.start();
  const session = await ended;
  t.match(session, { ok: true, reason: 'done', retryCount: 0, posts: 4 });
  t.same(
    acs.posts.map(({ method }) => method),
    ['Inform', '', 'GetParameterValuesResponse', 'GetRPCMethodsResponse'],
  );
  t.same(
    session.rpcs.map(({ method, answer }) => [method, answer]),
    [
      ['GetParameterValues', 'GetParameterValuesResponse'],
      ['GetRPCMethods', 'GetRPCMethodsResponse'],
    ],
  );
  t.same(cpe.rpcs[0]?.arguments, { names: ['Device.DeviceInfo.SoftwareVersion', 'Device.Time.'] });
  t.same(cpe.complaints, []);

  t.test('the Inform says who, why, and what every Inform says', async (t) => {
    const inform = acs.post('Inform')?.content;
    t.equal(textOf(childOf(inform, 'DeviceId'), 'OUI'), '02CA05');
    t.same(
      childOf(inform, 'Event')?.children.map((event) => textOf(event, 'EventCode')),
      ['0 BOOTSTRAP', '1 BOOT'],
    );
    t.equal(textOf(inform, 'MaxEnvelopes'), '1');
    t.equal(textOf(inform, 'RetryCount'), '0');
    const names = childOf(inform, 'ParameterList')?.children.map((item) => textOf(item, 'Name'));
    t.same(names?.sort(), [
      'Device.DeviceInfo.HardwareVersion',
      'Device.DeviceInfo.ProvisioningCode',
      'Device.DeviceInfo.SoftwareVersion',
      'Device.ManagementServer.AliasBasedAddressing',
      'Device.ManagementServer.ConnectionRequestURL',
      'Device.ManagementServer.ParameterKey',
      'Device.RootDataModelVersion',
    ]);
  });
  t.test('the cookie comes back, on one connection', async (t) => {
    t.same(
      acs.posts.map(({ headers }) => headers.cookie),
      [undefined, 'sid=1', 'sid=1', 'sid=1'],
    );
    t.equal(new Set(acs.posts.map(({ socket }) => socket)).size, 1);
  });
});

t.test('what makes a make of CPE drop the session (quirks 1 and 2)', async (t) => {
  const answer = (prefix: string, declaration: string): AcsReply => ({
    status: 200,
    headers: { 'Content-Type': 'text/xml; charset="utf-8"' },
    body:
      declaration +
      acsEnvelope('<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>', '1', prefix, 'SOAP-ENC'),
  });
  const cases: readonly [DialectName, AcsReply, RegExp][] = [
    ['orange', answer('soapenv', ''), /^done$/],
    ['orange', answer('soapenv', '<?xml version="1.0"?>'), /invalid SOAP message/],
    ['netcwmp', answer('SOAP-ENV', ''), /^done$/],
    ['netcwmp', answer('soap-env', ''), /no SOAP-ENV:Envelope/],
    ['easycwmp', answer('s', '<?xml version="1.0"?>'), /^done$/],
  ];
  for (const [dialect, reply, reason] of cases) {
    const { acs, session } = await startPair(t, { dialect: dialects[dialect], timings: { retryScale: 1000 } });
    acs.intercept(({ method }) => (method === 'Inform' ? reply : undefined));
    t.match((await session('1 BOOT')).reason, reason, dialect);
  }
});

t.test('the version goes down to that of the ACS, and is told with a SessionTimeout', async (t) => {
  const { acs, cpe, session } = await startPair(t, { cwmpVersion: 4, sessionTimeout: 60, acs: { cwmpVersion: 1 } });
  await session('1 BOOT', rpc('GetRPCMethods'));
  t.match(acs.post('Inform')?.text, 'urn:dslforum-org:cwmp-1-4');
  t.match(acs.post('Inform')?.text, '<cwmp:SessionTimeout soap-env:mustUnderstand="0">60</cwmp:SessionTimeout>');
  t.match(acs.post('GetRPCMethodsResponse')?.text, 'urn:dslforum-org:cwmp-1-1');
  t.same(cpe.complaints, []);
});
