// A body may take any time, as long as it moves.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import t from 'tap';
import { boundArrival } from '../../proxy/api/arrival.ts';
import type { Clock } from '../../proxy/operate/clock.ts';

t.test('a body is looked after until it is there', async (t) => {
  const due = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    after(_ms, run) {
      due.add(run);
      return { cancel: () => void due.delete(run) };
    },
  };
  const pass = (): void => {
    for (const run of [...due]) {
      due.delete(run);
      run();
    }
  };
  let arrived = 0;
  const server = createServer((request, response) => {
    boundArrival(request, clock);
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => {
      arrived += chunk.length;
      server.emit('arrived');
    });
    request.on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const open = async (head: string): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    t.teardown(() => socket.destroy());
    socket.write(`${head}\r\nHost: x\r\n\r\n`);
    await once(server, 'request');
    return socket;
  };
  const bring = async (socket: Socket, bytes: number): Promise<void> => {
    const wanted = arrived + bytes;
    socket.write(Buffer.alloc(bytes));
    while (arrived < wanted) await once(server, 'arrived');
  };

  const steady = await open('POST / HTTP/1.1\r\nContent-Length: 140000');
  for (let n = 0; n < 2; n += 1) {
    await bring(steady, 70_000);
    pass();
  }
  await once(steady, 'data');
  t.equal(due.size, 0, 'nobody looks when it is there');

  const slow = await open('POST / HTTP/1.1\r\nContent-Length: 140000');
  await bring(slow, 60_000);
  // Not `once` of node:events, which fails on a reset.
  const closed = new Promise((resolve) => slow.once('close', resolve));
  pass();
  await closed;
  t.equal(due.size, 0);

  await open('GET / HTTP/1.1');
  t.equal(due.size, 0, 'what has no body is not looked after');
});
