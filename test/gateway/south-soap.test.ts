// Bodies that are no CWMP, or not quite: each has its answer and one counted reason, outside a session and in one.
import t, { type Test } from 'tap';
import { type Harness, startHarness } from './harness.ts';
import {
  bystander,
  cookieOf,
  counted,
  cpeText,
  describedDevice,
  goesOn,
  informText,
  openRawSession,
  rawConnection,
  type RawConnection,
} from './south-tools.ts';

const COUNTED = ['cwmp_refused', 'cwmp_session_end', 'cwmp_lenient'];

const INFORM = informText({ serial: 'BAD' });
const BOMB = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${INFORM}`;

/** What nobody can read, by the reason that is counted. */
const UNREADABLE: readonly (readonly [reason: string, body: string | Buffer])[] = [
  ['not-xml', 'hello'],
  ['not-xml', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x80, 0xff])],
  ['not-xml', '{"Inform":{}}'],
  ['doctype', BOMB],
  ['doctype', `<!DOCTYPE x SYSTEM "file:///etc/passwd">${INFORM}`],
  ['truncated', INFORM.slice(0, -20)],
  ['mismatched-tag', INFORM.replace('</cwmp:Inform>', '</cwmp:Infirm>')],
  ['no-envelope', '<html><body>404</body></html>'],
  ['no-body', '<a:Envelope xmlns:a="http://schemas.xmlsoap.org/soap/envelope/"></a:Envelope>'],
  ['empty-body', cpeText('')],
  ['duplicate-attribute', INFORM.replace('<cwmp:Inform>', '<cwmp:Inform a="1" a="2">')],
  ['malformed-tag', INFORM.replace('<cwmp:Inform>', '<cwmp:Inform <>')],
  ['missing-element', cpeText('<cwmp:Inform></cwmp:Inform>')],
  ['too-deep', cpeText('<x>'.repeat(5000) + '</x>'.repeat(5000))],
];

t.test('what cannot be read', async (t) => {
  const harness = await startHarness(t);
  const neighbour = harness.cpe();
  const first = neighbour.nextSession();
  await neighbour.start();
  await first;
  const noticesNothing = await bystander(t, harness);
  const send = (connection: RawConnection, body: string | Buffer, cookie: string): void => {
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${cookie === '' ? '' : `Cookie: ${cookie}\r\n`}\r\n`;
    connection.send(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
  };

  t.test('before a session: 400, and the connection is closed', async (t) => {
    for (const [reason, body] of UNREADABLE) {
      const connection = await rawConnection(t, harness);
      const growth = await counted(harness, COUNTED, async () => {
        send(connection, body, '');
        t.match(await connection.response(), { status: 400 }, reason);
        await connection.ended();
      });
      t.same(growth, { [`cwmp_refused ${reason}`]: 1 });
      await noticesNothing(t);
    }
  });

  t.test('in a session: 400, and that session is over', async (t) => {
    for (const [reason, body] of UNREADABLE) {
      const connection = await rawConnection(t, harness);
      const cookie = await openRawSession(connection, { serial: 'BAD' });
      const growth = await counted(harness, COUNTED, async () => {
        send(connection, body, cookie);
        t.match(await connection.response(), { status: 400 }, reason);
        await connection.ended();
      });
      t.same(growth, { [`cwmp_refused ${reason}`]: 1, 'cwmp_session_end malformed': 1 });
      await noticesNothing(t);
    }
  });

  t.test('the neighbour noticed nothing', (t) => goesOn(t, harness, neighbour));
});

t.test('what is mended, and counted by model', async (t) => {
  const harness = await startHarness(t);
  const growth = (run: () => Promise<unknown>): Promise<unknown> => counted(harness, COUNTED, run);
  const inform = async (body: string): Promise<number> =>
    (await (await rawConnection(t, harness)).exchange(body)).status;

  const control = informText({ serial: 'CTRL', values: { 'Device.DeviceInfo.SoftwareVersion': 'a\u0002b' } });
  t.same(await growth(async () => t.equal(await inform(control), 200)), { 'cwmp_lenient 02C0DE Raw': 1 });
  const ampersand = informText({ serial: 'AMP', values: { 'Device.DeviceInfo.SoftwareVersion': 'a & b' } });
  t.same(await growth(async () => t.equal(await inform(ampersand), 200)), { 'cwmp_lenient 02C0DE Raw': 1 });
  const twice = informText({ serial: 'TWICE' });
  t.same(
    await growth(async () => t.equal(await inform(twice + twice), 200)),
    { 'cwmp_lenient 02C0DE Raw': 1 },
    'of two envelopes the first counts',
  );
  const stranger = cpeText('<cwmp:TransferComplete>&nbsp;</cwmp:TransferComplete>');
  t.same(
    await growth(async () => t.equal(await inform(stranger), 400)),
    { 'cwmp_refused unknown-entity': 1 },
    'outside a session nothing but an Inform is worth it',
  );

  const connection = await rawConnection(t, harness);
  const cookie = await openRawSession(connection, { serial: 'CTRL' });
  const report = cpeText(
    '<cwmp:RequestDownload><FileType>a & b</FileType><FileTypeArg></FileTypeArg></cwmp:RequestDownload>',
  );
  t.same(await growth(async () => t.match(await connection.exchange(report, { Cookie: cookie }), { status: 200 })), {
    'cwmp_lenient 02C0DE Raw': 1,
  });
});

t.test('what is read as it is', async (t) => {
  const harness = await startHarness(t);
  const inform = async (body: string | Buffer, type: string): Promise<number> => {
    const connection = await rawConnection(t, harness);
    connection.send(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    );
    connection.send(Buffer.from(body));
    return (await connection.response()).status;
  };
  const version = async (serial: string): Promise<unknown> =>
    (await describedDevice(harness, `02C0DE-Raw-${serial}`)).SoftwareVersion;
  const latin = informText({ serial: 'LATIN', values: { 'Device.DeviceInfo.SoftwareVersion': 'é' } });
  t.equal(await inform(Buffer.from(latin, 'latin1'), 'text/xml; charset=ISO-8859-1'), 200);
  t.equal(await version('LATIN'), 'é', 'a character set that HTTP names');
  t.equal(await inform(Buffer.from(latin, 'latin1'), 'text/xml'), 200);
  t.equal(await version('LATIN'), 'é', 'one that nobody names');
  const utf16 = Buffer.from(`\ufeff${informText({ serial: 'UTF16' })}`, 'utf16le');
  t.equal(await inform(utf16, 'text/xml'), 200, 'UTF-16 with its mark');
  const wrong = Buffer.from(informText({ serial: 'WRONG', values: { 'Device.DeviceInfo.SoftwareVersion': 'é' } }));
  for (const charset of ['utf-16', 'shift_jis', 'no-such-set', 'utf-8; charset=utf-7']) {
    t.equal(
      await inform(wrong, `text/xml; charset=${charset}`),
      200,
      `a character set that is not its own: ${charset}`,
    );
  }
  t.equal(
    await inform(Buffer.from(latin, 'latin1'), 'text/xml; charset=utf-8'),
    200,
    'bytes that are no UTF-8 although it says so',
  );
  const foreign = informText({ serial: 'NS' }).replace('cwmp-1-2', 'cwmp-9-9');
  t.equal(await inform(foreign, 'text/xml'), 200, 'a namespace that nobody knows');
  const undeclared = informText({ serial: 'NS' }).replace(/ xmlns:cwmp="[^"]*"/, '');
  t.equal(await inform(undeclared, 'text/xml'), 200, 'a prefix without a namespace');
});

async function session(
  t: Test,
  harness: Harness,
  serial: string,
): Promise<{ readonly say: (content: string) => Promise<string>; readonly connection: RawConnection }> {
  const connection = await rawConnection(t, harness);
  const cookie = await openRawSession(connection, { serial });
  return {
    connection,
    say: async (content) => {
      const body = content === '' ? '' : cpeText(content, 'my-id');
      const { status, body: said } = await connection.exchange(body, { Cookie: cookie });
      return `${status} ${said}`;
    },
  };
}

const TRANSFER =
  '<cwmp:TransferComplete><CommandKey>k</CommandKey><FaultStruct><FaultCode>0</FaultCode><FaultString></FaultString></FaultStruct><StartTime>2026-01-01T00:00:00Z</StartTime><CompleteTime>2026-01-01T00:00:01Z</CompleteTime></cwmp:TransferComplete>';

t.test('requests of the CPE', async (t) => {
  const harness = await startHarness(t);
  const requests: readonly (readonly [string, RegExp])[] = [
    ['<cwmp:GetRPCMethods></cwmp:GetRPCMethods>', /my-id.*GetRPCMethodsResponse.*<string>Inform<\/string>/s],
    [
      '<cwmp:RequestDownload><FileType>1</FileType><FileTypeArg></FileTypeArg></cwmp:RequestDownload>',
      /my-id.*RequestDownloadResponse/s,
    ],
    [
      '<cwmp:Kicked><Command>c</Command><Referer></Referer><Arg></Arg><Next>http://cpe/next</Next></cwmp:Kicked>',
      /my-id.*KickedResponse><NextURL>http:\/\/cpe\/next<\/NextURL>/s,
    ],
    [TRANSFER, /my-id.*TransferCompleteResponse/s],
    ['<cwmp:X_Vendor_Hello></cwmp:X_Vendor_Hello>', /my-id.*<FaultCode>8000<\/FaultCode>.*X_Vendor_Hello/s],
    ['<cwmp:constructor></cwmp:constructor>', /<FaultCode>8000<\/FaultCode>/],
  ];
  for (const when of ['before', 'after'] as const) {
    const { say } = await session(t, harness, `REQ-${when}`);
    // After the empty POST the first word is ours: our RPC stays open while the CPE asks.
    if (when === 'after') t.match(await say(''), /^200 .*GetRPCMethods/s);
    const growth = await counted(harness, ['cwmp_refused', 'failure'], async () => {
      for (const [request, answer] of requests) t.match(await say(request), answer, `${when} the empty POST`);
    });
    t.same(growth, { 'cwmp_refused unknown-method': 2 });
    if (when === 'before') t.match(await say(''), /^200 .*GetRPCMethods/s);
    t.match(
      await say(
        '<cwmp:GetRPCMethodsResponse><MethodList><string>Reboot</string></MethodList></cwmp:GetRPCMethodsResponse>',
      ),
      /^200 .*GetParameterNames/s,
      'and the session goes on',
    );
  }
});

t.test('a report that is repeated is saved once and answered twice', async (t) => {
  const harness = await startHarness(t);
  const growth = await counted(harness, ['cwmp_refused', 'failure'], async () => {
    for (let round = 0; round < 2; round += 1) {
      const { say } = await session(t, harness, 'REPEAT');
      t.match(await say(TRANSFER), /^200 .*TransferCompleteResponse/s);
      t.match(await say(TRANSFER), /^200 .*TransferCompleteResponse/s);
    }
  });
  t.same(growth, {});
});

t.test('answers to nothing', async (t) => {
  const harness = await startHarness(t);
  for (const content of [
    '<cwmp:RebootResponse></cwmp:RebootResponse>',
    '<soap-env:Fault><faultcode>Client</faultcode><faultstring>x</faultstring><detail><cwmp:Fault><FaultCode>9000</FaultCode><FaultString>x</FaultString></cwmp:Fault></detail></soap-env:Fault>',
  ]) {
    const { say } = await session(t, harness, 'UNASKED');
    t.same(
      await counted(harness, COUNTED, async () => t.match(await say(content), /^200 .*GetRPCMethods/s)),
      { 'cwmp_refused unsolicited-answer': 1 },
      'count, and the turn is ours',
    );
  }
  const { say } = await session(t, harness, 'WRONG');
  t.match(await say(''), /GetRPCMethods/);
  t.same(
    await counted(harness, COUNTED, async () =>
      t.equal(await say('<cwmp:RebootResponse></cwmp:RebootResponse>'), '204 '),
    ),
    { 'cwmp_session_end wrong-response': 1 },
    'the answer to another RPC ends the session',
  );
  t.equal(await say('<cwmp:RebootResponse></cwmp:RebootResponse>'), '204 ', 'and what comes after it is told so');
});

t.test('Informs that are refused say why', async (t) => {
  const harness = await startHarness(t, { 'registry.cap': '1' });
  const refused = async (body: string): Promise<unknown> => {
    const connection = await rawConnection(t, harness);
    let text = '';
    const growth = await counted(harness, COUNTED, async () => {
      const answer = await connection.exchange(body);
      text = `${answer.status} ${answer.body}`;
      t.equal(cookieOf(answer), '', 'no session');
      t.match(await connection.exchange(''), { status: 400, body: 'no-session\n' });
    });
    return [
      /<FaultCode>(\d+)</.exec(text)?.[1],
      /<FaultString>([^<]*)</.exec(text)?.[1],
      Object.keys(growth).find((name) => !name.endsWith('no-session')),
    ];
  };
  t.same(await refused(informText({ serial: '' })), [
    '8003',
    'DeviceId has no SerialNumber',
    'cwmp_refused empty-serial',
  ]);
  t.equal((await (await rawConnection(t, harness)).exchange(informText({ serial: 'ONE' }))).status, 200);
  t.same(await refused(informText({ serial: 'TWO' })), [
    '8004',
    'no further device is taken (setting registry.cap)',
    'cwmp_refused registry-full',
  ]);
});
