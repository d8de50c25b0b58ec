// Attributes, and the VALUE CHANGE that follows from them.
import t from 'tap';
import { startPair } from './pair.ts';
import { getValues, rpc, setNotification, setValues, type AcsPost } from './scripted-acs.ts';
import { childOf, textOf } from './soap-read.ts';

const NTP = 'Device.Time.NTPServer1';
const HOSTS = 'Device.Hosts.HostNumberOfEntries';
const events = (post: AcsPost | undefined): (string | undefined)[] | undefined =>
  childOf(post?.content, 'Event')?.children.map((event) => textOf(event, 'EventCode'));
const reported = (post: AcsPost | undefined, name: string): string | undefined => {
  const found = childOf(post?.content, 'ParameterList')?.children.find((item) => textOf(item, 'Name') === name);
  return textOf(found, 'Value');
};

t.test('active: a session of its own', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  await session('1 BOOT', setNotification(2, NTP, HOSTS));
  t.equal(cpe.attributesOf(NTP)?.notification, 2);
  let ended = cpe.nextSession();
  cpe.setLocally(NTP, 'user.example.net');
  await ended;
  const inform = acs.posts.findLast(({ method }) => method === 'Inform');
  t.same(events(inform), ['4 VALUE CHANGE']);
  t.equal(reported(inform, NTP), 'user.example.net');

  ended = cpe.nextSession();
  cpe.addInstance('Device.Hosts.Host.', { HostName: 'visitor' });
  await ended;
  t.equal(
    reported(
      acs.posts.findLast(({ method }) => method === 'Inform'),
      HOSTS,
    ),
    '3',
    'a count is a value, too',
  );

  await session('2 PERIODIC');
  const last = acs.posts.findLast(({ method }) => method === 'Inform');
  t.same(events(last), ['2 PERIODIC'], 'what was delivered is not told again');
  t.equal(reported(last, NTP), undefined);
});

t.test('passive: with the next session, whatever opens it', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  await session('1 BOOT', setNotification(1, NTP));
  cpe.setLocally(NTP, 'user.example.net');
  t.notOk(cpe.inSession);
  await session('2 PERIODIC');
  const inform = acs.posts.findLast(({ method }) => method === 'Inform');
  t.same(events(inform), ['2 PERIODIC', '4 VALUE CHANGE']);
  t.equal(reported(inform, NTP), 'user.example.net');
});

t.test('off, and what the ACS changes itself: never', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  cpe.setLocally('Device.Time.NTPServer2', 'user.example.net');
  t.notOk(cpe.inSession);
  await session('1 BOOT', setNotification(2, NTP), setValues([[NTP, 'acs.example.net', 'string']]));
  await session('2 PERIODIC');
  t.same(acs.posts.filter(({ method }) => method === 'Inform').map(events), [['1 BOOT'], ['2 PERIODIC']]);
});

t.test('a change during a session waits for its end', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  await session('1 BOOT', setNotification(2, NTP));
  acs.intercept(({ method }) => {
    if (method === 'GetParameterValuesResponse') cpe.setLocally(NTP, 'user.example.net');
    return undefined;
  });
  const change = cpe.waitFor('session-started', (start) => start.events.some(({ code }) => code === '4 VALUE CHANGE'));
  await session('2 PERIODIC', getValues(NTP), rpc('GetRPCMethods'));
  await change;
  t.same(
    cpe.sessions.map((record) => record.rpcs.length),
    [1, 2],
  );
});

t.test('attributes: forced, denied, on a partial path, all or none', async (t) => {
  const { acs, cpe, answers } = await startPair(t);
  const VERSION = 'Device.DeviceInfo.SoftwareVersion';
  t.equal(cpe.attributesOf(VERSION)?.notification, 2);
  const [lowered, denied, mixed, , partial, light] = await answers(
    setNotification(0, VERSION),
    setNotification(2, 'Device.DeviceInfo.MemoryStatus.Free'),
    setNotification(2, NTP, 'Device.No.Such'),
    setNotification(1, 'Device.NAT.'),
    '<cwmp:GetParameterAttributes><ParameterNames soap-enc:arrayType="xsd:string[1]"><string>Device.NAT.</string></ParameterNames></cwmp:GetParameterAttributes>',
    setNotification(3, NTP),
  );
  t.equal(lowered?.method, 'SetParameterAttributesResponse');
  t.equal(cpe.attributesOf(VERSION)?.notification, 2, 'a forced notification stays');
  const code = (post: AcsPost | undefined): string | undefined =>
    textOf(childOf(childOf(post?.content, 'detail'), 'Fault'), 'FaultCode');
  t.same([code(denied), code(mixed), code(light)], ['9009', '9005', '9003']);
  t.equal(cpe.attributesOf(NTP)?.notification, 0);
  const list = childOf(partial?.content, 'ParameterList')?.children ?? [];
  t.equal(list.length, 14);
  t.ok(list.every((item) => textOf(item, 'Notification') === '1'));
  t.same(
    childOf(list[0], 'AccessList')?.children.map(({ text }) => text),
    ['Subscriber'],
  );
  t.same(cpe.complaints, []);
  t.ok(acs.post('Inform'));
});
