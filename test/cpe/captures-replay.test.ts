// The first session of each capture, played again: a server sends what the captured ACS sent, byte for byte, and our CPE
// in the dialect of that program goes through it message by message as the program did.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { getRpcMethods, requestDownload } from './acs-requests.ts';
import {
  captured,
  capturesAreHere,
  dumpOfCapture,
  faultOfItsOwn,
  readCapture,
  rpcsIn,
  type Message,
} from './captures.ts';
import { createCpe } from './cpe.ts';
import { dialects, type DialectName } from './dialects.ts';
import { QUICK } from './pair.ts';
import { childOf, textOf } from './soap-read.ts';

interface Replay {
  readonly url: string;
  /** What the CPE posted: the body's element, '' for an empty POST. */
  readonly kinds: string[];
}

async function replay(t: Test, answers: readonly Message[]): Promise<Replay> {
  const kinds: string[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      // By pattern, for one program's faults have a prefix that nobody declared (quirk 15).
      kinds.push(/Body>\s*<(?:[\w-]+:)?(\w+)/.exec(body)?.[1] ?? '');
      const message = answers[kinds.length - 1];
      const status = Number(message?.startLine.split(' ')[1] ?? 204);
      response.writeHead(status, (message?.headers ?? []).filter(([name]) => name !== 'Content-Length').flat());
      response.end(message?.body ?? '');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/acs`, kinds };
}

async function play(t: Test, folder: string, dialect: DialectName): Promise<void> {
  const messages = readCapture(folder);
  const end = messages.findIndex(({ name }) => name.includes('204-end'));
  const session = end < 0 ? messages : messages.slice(0, end + 1);
  const theirs = session.filter(({ from }) => from === 'cpe');
  const acs = await replay(
    t,
    session.filter(({ from }) => from === 'acs'),
  );
  const inform = theirs.find(({ envelope }) => envelope?.content.local === 'Inform')?.envelope;
  const challenged = session.some(({ startLine }) => startLine.includes(' 401 '));
  const cpe = createCpe({
    dump: dumpOfCapture(messages),
    acsUrl: acs.url,
    dialect: dialects[dialect],
    cwmpVersion: inform?.cwmpNamespace.endsWith('2') ? 2 : 0,
    timings: { ...QUICK, retryScale: 1e6, transferTime: 1e6, diagnosticTime: 1e6 },
    status1: () => dialect === 'easycwmp',
    faults: [...rpcsIn(session)].flatMap(([request, answer]) => faultOfItsOwn(request, answer)),
    ...(challenged && { credentials: { username: 'cpe', password: 'secret' } }),
  });
  t.teardown(async () => cpe.stop());
  await cpe.start([]);
  for (const { kind } of theirs) {
    if (kind === 'GetRPCMethods') cpe.ask(getRpcMethods());
    if (kind === 'RequestDownload') cpe.ask(requestDownload('3 Vendor Configuration File'));
  }
  const ended = cpe.nextSession();
  const events = childOf(inform?.content, 'Event')?.children ?? [];
  cpe.inform(...events.map((item) => textOf(item, 'EventCode') ?? ''));
  const { ok, reason } = await ended;
  t.ok(ok, reason);
  const expected = theirs.map(({ kind }) => kind);
  t.same(acs.kinds.slice(0, expected.length), expected);
  t.same(
    cpe.complaints.filter((complaint) => !/declaration|prefix|the ID is/.test(complaint)),
    [],
    'its IDs are those of the captured requests; else there is nothing to complain of',
  );
}

for (const [folder, dialect] of captured) {
  // A message of this one was cut short by the program's own count of characters (quirk 12).
  if (folder === 'genieacs-sim-nonascii') continue;
  t.test(folder, { skip: capturesAreHere ? false : 'the captures are not here' }, async (t) =>
    play(t, folder, dialect),
  );
}
t.pass(capturesAreHere ? 'the captures are here' : 'the captures are not here');
