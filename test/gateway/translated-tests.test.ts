// A test that a TR-098 CPE has at several of its links: the one that the command names begins, and it is that one's end and
// results that are told.
import t from 'tap';
import { dumpOf, type DumpRow } from '../cpe/dump.ts';
import { dumpRows } from '../cpe/dumps.ts';
import { startHarness } from './harness.ts';
import { commanded } from './operations-scene.ts';

const WAN = 'InternetGatewayDevice.WANDevice.1.';
const linkOf = (number: number): string => `${WAN}WANConnectionDevice.${number}.`;
const testOf = (number: number): string => `${linkOf(number)}WANATMF5LoopbackDiagnostics.`;

const row = (path: string, type: DumpRow['type'], value: string): DumpRow => ({
  path,
  type,
  writable: true,
  value,
  facets: {},
});
const ofLink = (number: number): readonly DumpRow[] => [
  row(`${linkOf(number)}WANDSLLinkConfig.Enable`, 'boolean', '1'),
  row(`${linkOf(number)}WANDSLLinkConfig.LinkType`, 'string', 'EoA'),
  row(`${testOf(number)}DiagnosticsState`, 'string', 'None'),
  row(`${testOf(number)}NumberOfRepetitions`, 'unsignedInt', '1'),
  row(`${testOf(number)}Timeout`, 'unsignedInt', '100'),
  row(`${testOf(number)}SuccessCount`, 'unsignedInt', '0'),
];
const dump = dumpOf([
  ...dumpRows('home-router-tr098'),
  row(`${WAN}WANDSLInterfaceConfig.Enable`, 'boolean', '1'),
  ...ofLink(1),
  ...ofLink(2),
]);

t.test('F5Loopback() runs at the link that is named', async (t) => {
  const scene = await commanded(await startHarness(t), {
    dump,
    timings: { diagnosticTime: 20 },
    diagnosticResults: (path) => ({
      state: 'Complete',
      values: { SuccessCount: path === testOf(2) ? '5' : '1' },
      tables: {},
    }),
  });
  const command = 'Device.ATM.Diagnostics.F5Loopback()';
  const args = { Interface: 'Device.ATM.Link.2', NumberOfRepetitions: '5', Timeout: '200' };
  t.match(await scene.operate(command, args, 'k1'), { operation_resp: { kind: 'req_obj_path' } });
  const { operation_resp } = await scene.complete();
  t.same(operation_resp, {
    kind: 'req_output_args',
    output_args: new Map([
      ['Status', 'Complete'],
      ['SuccessCount', '5'],
    ]),
  });
  t.same(
    [scene.cpe.get(`${testOf(2)}NumberOfRepetitions`), scene.cpe.get(`${testOf(1)}NumberOfRepetitions`)],
    ['5', '1'],
    'the other one is left alone',
  );
  const wrong = await scene.operate(command, { ...args, Interface: 'Device.ATM.Link.7' }, 'k2');
  t.match(wrong, { operation_resp: { kind: 'cmd_failure', err_code: 7027 } });
  t.same(scene.cpe.complaints, []);
});
