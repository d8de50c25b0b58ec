// Each kind of transfer: the RPC that asks for it, and the report that ends it.
import t from 'tap';
import { KEY } from '../room-at-hand.ts';
import { accepted, answers, DOWNLOAD, faulted, openTransfers, report, response, SECRETS } from './transfers-at-hand.ts';

const NO_FAULT = { FaultCode: 0, FaultString: '' };

t.test('ScheduleDownload is agreed to without a Status, and ended by TransferComplete', async (t) => {
  const at = await openTransfers(t);
  await at.introduce();
  const window = { WindowStart: 60, WindowEnd: 120, WindowMode: '3 When Idle', UserMessage: '', MaxRetries: -1 };
  const file = {
    FileType: '1 Firmware Upgrade Image',
    URL: 'http://files.example/fw',
    FileSize: 5,
    TargetFileName: 'f',
  };
  const CommandKey = await at.begin({ kind: 'schedule-download', ...file, TimeWindowList: [window] });
  const { rpcs, over } = await at.session(answers({ ScheduleDownload: response({}) }));
  await over;
  t.same(rpcs.at(-1), {
    method: 'ScheduleDownload',
    request: { ...file, ...SECRETS, CommandKey, TimeWindowList: [window] },
  });
  await at.once(CommandKey, 'pending');
  const { session } = await at.session();
  const times = { StartTime: '2026-01-01T00:00:00Z', CompleteTime: 'Unknown Time' };
  t.equal(await report(session, 'TransferComplete', { CommandKey, FaultStruct: NO_FAULT, ...times }), 'done');
  t.match((await at.transfer(CommandKey)).end, { state: 'succeeded', ...times });
});

t.test('ChangeDUState: one operation, ended by DUStateChangeComplete only', async (t) => {
  const at = await openTransfers(t);
  await at.introduce();
  const unit = { URL: 'http://files.example/unit', UUID: '', Version: '', ExecutionEnvRef: '' };
  const CommandKey = await at.begin({ kind: 'change-du-state', Operation: 'Install', ...unit });
  const { rpcs, over } = await at.session(answers({ ChangeDUState: response({}) }));
  await over;
  const operation = { Type: 'InstallOpStruct', URL: unit.URL, ...SECRETS };
  t.same(rpcs.at(-1), { method: 'ChangeDUState', request: { Operations: [operation], CommandKey } }, 'no empty UUID');
  await at.once(CommandKey, 'pending');
  t.same(await at.transfers.cancel(KEY, CommandKey), { kind: 'refused', reason: 'not-cancellable' });
  const { session } = await at.session();
  const told = { CommandKey: '', StartTime: '', CompleteTime: '' };
  t.equal(await report(session, 'TransferComplete', { ...told, FaultStruct: NO_FAULT }), 'done');
  t.equal((await at.transfer(CommandKey)).state, 'pending');
  const result = {
    ...{ UUID: '', DeploymentUnitRef: '', Version: '', CurrentState: 'Failed', Resolved: false },
    ...{ ExecutionUnitRefList: '', StartTime: 'a', CompleteTime: 'b', Fault: { FaultCode: 9022, FaultString: ' ' } },
  };
  t.equal(await report(session, 'DUStateChangeComplete', { CommandKey, Results: [result] }), 'done');
  t.match((await at.transfer(CommandKey)).end, {
    state: 'failed',
    FaultCode: 9022,
    FaultString: 'Invalid UUID format',
    CompleteTime: 'b',
  });
});

t.test('what refuses it', async (t) => {
  const cases = [
    [faulted(9010, 'no room'), { FaultCode: 9010, FaultString: 'no room' }, 'a fault'],
    [faulted(0, 'oops'), { FaultCode: 9002, FaultString: 'oops' }, 'a bare SOAP fault is no success'],
    [{ kind: 'empty' }, { FaultCode: 9000, FaultString: 'Method not supported' }, 'an empty answer'],
  ] as const;
  for (const [answer, end, what] of cases) {
    const at = await openTransfers(t);
    await at.introduce();
    const key = await at.begin();
    await (
      await at.session(answers({ Download: answer }))
    ).over;
    t.match((await at.once(key, 'failed')).end, end, what);
  }
});

t.test('its end is an event, with the report that told of it', async (t) => {
  const at = await openTransfers(t);
  await at.introduce();
  const CommandKey = await at.begin();
  await (
    await at.session(answers({ Download: accepted }))
  ).over;
  const { session } = await at.session();
  const FaultStruct = { FaultCode: 9016, FaultString: '' };
  await report(session, 'TransferComplete', { CommandKey, FaultStruct, StartTime: '', CompleteTime: '' });
  await session.deriveAgain();
  const [told, ended] = at.events.slice(-2);
  t.match([told?.kind, ended?.kind], ['report', 'transfer']);
  t.match(ended, { transfer: { CommandKey, state: 'failed', end: { FaultCode: 9016 } }, report: told?.sequence });
  t.match(JSON.parse((await at.transfer(CommandKey)).order), DOWNLOAD);
  t.notMatch(JSON.stringify(at.events), 's3cret');
});
