// The list of RPCs, and what may be repeated.
import t from 'tap';
import { ACS_METHODS, CPE_METHODS, isAcsMethod, isCpeMethod } from '../../proxy/rpc/methods.ts';

t.test('every RPC of TR-069 Amendment 6 stands under its own name', async (t) => {
  const cpe = Object.entries(CPE_METHODS);
  const acs = Object.entries(ACS_METHODS);
  t.equal(cpe.length, 20);
  t.equal(acs.length, 8);
  for (const [name, rpc] of [...cpe, ...acs]) t.equal(rpc.name, name);
});

t.test('only what reads may be repeated', async (t) => {
  const safe = Object.values(CPE_METHODS)
    .filter(({ changing }) => !changing)
    .map(({ name }) => name);
  t.same(safe.sort(), [
    'GetAllQueuedTransfers',
    'GetOptions',
    'GetParameterAttributes',
    'GetParameterNames',
    'GetParameterValues',
    'GetQueuedTransfers',
    'GetRPCMethods',
  ]);
});

t.test('the version of CWMP that brought each', async (t) => {
  const since = (version: number): string[] =>
    [...Object.values(CPE_METHODS), ...Object.values(ACS_METHODS)]
      .filter((rpc) => rpc.since === version)
      .map(({ name }) => name);
  t.same(since(1), ['GetAllQueuedTransfers', 'AutonomousTransferComplete']);
  t.same(since(2), [
    'ScheduleDownload',
    'CancelTransfer',
    'ChangeDUState',
    'DUStateChangeComplete',
    'AutonomousDUStateChangeComplete',
  ]);
  t.equal(since(0).length, 21);
});

t.test('names are looked up as such', async (t) => {
  t.ok(isCpeMethod('Reboot') && isAcsMethod('Inform') && isCpeMethod('GetRPCMethods') && isAcsMethod('GetRPCMethods'));
  for (const name of ['', 'reboot', 'RebootResponse', 'constructor', '__proto__', 'toString'])
    t.notOk(isCpeMethod(name) || isAcsMethod(name), name);
});

t.test('the order of elements, where it was got wrong before', async (t) => {
  t.same(Object.keys(CPE_METHODS.Download.request), [
    'CommandKey',
    'FileType',
    'URL',
    'Username',
    'Password',
    'FileSize',
    'TargetFileName',
    'DelaySeconds',
    'SuccessURL',
    'FailureURL',
  ]);
  t.same(Object.keys(CPE_METHODS.SetParameterValues.request), ['ParameterList', 'ParameterKey']);
  t.same(Object.keys(CPE_METHODS.ScheduleInform.request), ['DelaySeconds', 'CommandKey']);
  t.same(Object.keys(CPE_METHODS.SetParameterAttributes.request.ParameterList.item.fields), [
    'Name',
    'NotificationChange',
    'Notification',
    'AccessListChange',
    'AccessList',
  ]);
});
