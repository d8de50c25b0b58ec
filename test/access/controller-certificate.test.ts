// Which Endpoints a certificate may speak for (R-SEC.0a, R-SEC.10 to R-SEC.12, R-ARC.4a).
import t from 'tap';
import { endpointsIn } from '../../proxy/access/controller-certificate.ts';

const urn = (endpointId: string): string => `URI=urn:bbf:usp:id:${endpointId}`;

t.test('Endpoint IDs among the names', async (t) => {
  for (const endpointId of ['self::noc', 'oui:00256D:noc-1', 'os::00256D-0%2D1', 'proto::controller-1']) {
    t.same(endpointsIn(['CN=noc', urn(endpointId)]), [endpointId], endpointId);
  }
  t.same(endpointsIn(['URI=URN:BBF:usp:id:self::noc']), ['self::noc'], 'the namespace of a URN has no case (RFC 8141)');
  t.same(endpointsIn([urn('self::one'), urn('self::two')]), ['self::one', 'self::two']);
  t.same(endpointsIn(['DNS=noc.example.net']), ['fqdn::noc.example.net']);
  t.same(
    endpointsIn(['CN=self::noc', 'email=a@example.net', 'URI=https://noc.example.net']),
    [],
    'other names say nothing',
  );
  t.same(endpointsIn([urn('noc'), urn(''), urn('self::a b'), 'URI=urn:bbf:usp:self::noc']), []);
});

t.test('wildcards where their authority is named, and nowhere else', async (t) => {
  for (const pattern of [
    'oui:00256D:*',
    'oui:00256D:noc-*',
    'cid:3AA3F8:*',
    'pen:3561:*',
    'os::00256D-*',
    'ops::00256D-NOC-*',
  ]) {
    t.same(endpointsIn([urn(pattern)]), [pattern], pattern);
  }
  const others = [
    'self::*',
    'user::*',
    'uuid::*',
    'proto::*',
    'fqdn::*',
    'os::*',
    'ops::0025*',
    'os::00256D*',
    'oui::*',
    '*',
  ];
  for (const pattern of [...others, 'oui:*:x', 'oui:00256D:*x', 'oui:00256D:**'])
    t.same(endpointsIn([urn(pattern)]), [], pattern);
  t.same(endpointsIn(['DNS=*.example.net']), []);
});
