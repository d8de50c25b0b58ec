// A load balancer may look whether we are alive by a connection that it resets at once: no address is left of its end,
// and its PROXY header is no request.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import t from 'tap';
import { createListener } from '../../proxy/cwmp/listener.ts';
import { Sources } from '../../proxy/cwmp/source-address.ts';
import { parseNetwork } from '../../proxy/access/network.ts';

t.test('a connection that was reset before we came to it is nobody’s', async (t) => {
  const acceptor = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  t.teardown(() => acceptor.close());
  await once(acceptor, 'listening');
  const client = connect((acceptor.address() as AddressInfo).port, '127.0.0.1');
  const [[accepted]] = (await Promise.all([once(acceptor, 'connection'), once(client, 'connect')])) as [
    [Socket],
    unknown,
  ];
  await new Promise((resolve) => client.write('PROXY TCP4 203.0.113.7 127.0.0.1 4660 7547\r\n', resolve));
  client.resetAndDestroy();
  await once(client, 'close');

  const told: string[] = [];
  const loopback = parseNetwork('127.0.0.1');
  const listener = createListener(
    { keepAliveMs: 1000, idleMs: 1000, proxyProtocol: true, tls: undefined },
    new Sources({ proxied: false, trustedProxies: loopback.ok ? [loopback.network] : [] }),
    () => told.push('request'),
    (_socket, reason) => told.push(reason),
  );
  listener.on('clientError', (error) => told.push(error.message));
  const closed = once(accepted, 'close');
  listener.emit('connection', accepted);
  accepted.resume();
  await closed;
  t.same(told, []);
});
