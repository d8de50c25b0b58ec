// TP-469 chapter 9.
import { add, create, operate } from '../../agent/requests.ts';
import { createAuthority, forLoopback, missingOpenssl } from '../../openssl.ts';
import { Missing, part, type Preparation } from '../case.ts';
import { LISTENER_CA, rowsOf, SUBSCRIPTIONS, type Test } from '../eut.ts';
import { startDialled } from '../dialled.ts';
import { brief } from '../tester.ts';
import { madeRow } from './tools.ts';
import { ended, started, watchEnd } from './operate.ts';

const TIMER = 'Device.ScheduleTimer()';

const CERTIFICATES = 'Device.LocalAgent.Certificate.';
const NOC = 'self::noc';

/** A gateway that asks for certificates, and one of a Controller that it has not seen. */
function prepareCertificates(t: Test): Preparation {
  const missing = missingOpenssl();
  if (missing !== false) throw new Missing(missing);
  const authority = createAuthority(t);
  const own = forLoopback(authority);
  const { cert, key } = authority.issue('/CN=controller', `URI:urn:bbf:usp:id:${NOC}`);
  return {
    settings: {
      'http.token': 'token-of-the-operator',
      'http.tls.cert': own.certFile,
      'http.tls.key': own.keyFile,
      'http.tls.ca': authority.certFile,
      'http.tls.clientCert': 'request',
    },
    facts: { [LISTENER_CA]: authority.cert, cert, key },
  };
}

export const FUNCTIONALITY = part([
  {
    id: '9.2',
    title: 'AddCertificate()',
    alone: prepareCertificates,
    run: async (eut, metric) => {
      const { cert = '', key = '' } = eut.facts;
      const command = operate('Device.LocalAgent.AddCertificate()', { Alias: 'addedCert', Certificate: cert });
      const added = await eut.tester.expect('operate_resp', command);
      metric(1, added.operation_results[0]?.operation_resp.kind === 'req_output_args', brief(added));
      await (await eut.connect({ eid: NOC, shows: { cert, key } })).fence();
      metric(2, true);
      const rows = Object.entries(await rowsOf(eut.tester, CERTIFICATES));
      const [row = ''] = rows.find(([, { Alias }]) => Alias === 'addedCert') ?? [];
      metric(3, row !== '' && rows.length === 1, JSON.stringify(rows));
      const gone = await eut.tester.expect('operate_resp', operate(`${row}Delete()`));
      metric(4, gone.operation_results[0]?.operation_resp.kind === 'req_output_args', brief(gone));
      metric(4, Object.keys(await rowsOf(eut.tester, CERTIFICATES)).length === 0);
    },
  },
  {
    id: '9.9',
    title: 'a Controller is added, and asked on board',
    run: async (eut, metric) => {
      const dialled = await startDialled(eut);
      await dialled.invite();
      const { tester } = await dialled.next();
      await tester.fence();
      metric(1, true);
      await eut.tester.expect('operate_resp', operate(`${dialled.row}SendOnBoardRequest()`));
      const { notification } = await tester.notify(({ notification: { kind } }) => kind === 'on_board_req');
      metric(2, notification.kind === 'on_board_req');
    },
  },
  {
    id: '9.10',
    title: 'Boot! with a ParameterMap',
    cpe: true,
    alone: true,
    run: async (eut, metric) => {
      const name = 'Device.DeviceInfo.BootFirmwareImage';
      const body = add(
        create(SUBSCRIPTIONS, { NotifType: 'Event', ReferenceList: 'Device.Boot!', Enable: 'true' }),
        create(`${eut.me}BootParameter.`, { Enable: 'true', ParameterName: name }),
      );
      const { created_obj_results } = await eut.tester.expect('add_resp', body);
      created_obj_results.forEach((result) => madeRow(result));
      await eut.tester.expect('operate_resp', operate('Device.Reboot()'));
      const { notification } = await eut.tester.notify();
      const map = notification.kind === 'event' ? notification.params.get('ParameterMap') : undefined;
      metric(1, (map ?? '').includes(`"${name}"`) && (map ?? '').includes('FirmwareImage.1'), map);
    },
  },
  {
    id: '9.11',
    title: 'ScheduleTimer()',
    run: async (eut, metric) => {
      await watchEnd(eut, TIMER);
      const request = await started(eut, TIMER, { DelaySeconds: '60' }, 'test911');
      metric(1, request !== '', brief(operate(TIMER)));
      metric(2, await ended(eut, 66_000, 'Device.', 'ScheduleTimer()', 'test911'));
    },
  },
]);
