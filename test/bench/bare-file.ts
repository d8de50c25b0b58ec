// The least that sends a file to whoever asks: Node's HTTP server and a stream. Prints one line of JSON with its port.
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [path = ''] = process.argv.slice(2);
const { size } = statSync(path);
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Length': size, Connection: 'close' });
  createReadStream(path).pipe(response);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
process.on('SIGTERM', () => process.exit(0));
