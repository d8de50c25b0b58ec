// CPEs that send in chunks, cut wherever their buffer ended: inside a tag, inside a letter (quirk 25).
import t from 'tap';
import { startHarness } from './harness.ts';
import { cookieLine, wholeSession } from './south-http-session.ts';
import { describedDevice, informText, rawConnection } from './south-tools.ts';

const VERSION = 'Ä€ \u{1f4e1}';

function chunked(bytes: Buffer, size: number, extension: string): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

for (const [size, extension] of [
  [1, ''],
  [7, ''],
  [64, ';name=value'],
  [100_000, ''],
] as const) {
  t.test(`chunks of ${size}${extension}`, async (t) => {
    const harness = await startHarness(t);
    const connection = await rawConnection(t, harness);
    const serial = `CHUNK${size}`;
    await wholeSession(t, {
      serial,
      text: informText({ serial, values: { 'Device.DeviceInfo.SoftwareVersion': VERSION } }),
      send: async (body, cookie) => {
        const head = ['POST / HTTP/1.1', 'Transfer-Encoding: chunked', ...cookieLine(cookie)];
        connection.send(`${head.join('\r\n')}\r\n\r\n`);
        connection.send(chunked(Buffer.from(body), size, extension));
        return await connection.response();
      },
    });
    t.equal((await describedDevice(harness, `02C0DE-Raw-${serial}`)).SoftwareVersion, VERSION);
  });
}

t.test('chunks that come one by one, cut inside a tag, with a trailer after them', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  connection.socket.setNoDelay(true);
  await wholeSession(t, {
    serial: 'ONEBYONE',
    send: async (body, cookie) => {
      connection.send(
        `${['POST / HTTP/1.1', 'Transfer-Encoding: chunked', ...cookieLine(cookie)].join('\r\n')}\r\n\r\n`,
      );
      const cut = body.indexOf(':Body') + 3;
      for (const piece of body === '' ? [] : [body.slice(0, cut), body.slice(cut)]) {
        connection.send(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      connection.send('0\r\nX-Trailer: nothing\r\n\r\n');
      return await connection.response();
    },
  });
});
