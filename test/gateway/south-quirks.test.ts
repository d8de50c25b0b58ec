// What real CPEs do that ends or loops a session elsewhere: rows 1 to 5 of the list of quirks, by the bytes.
import t from 'tap';
import { startHarness } from './harness.ts';
import { counted, cpeText, informText, openRawSession, rawConnection, type RawResponse, rpcOf } from './south-tools.ts';

const UNKNOWN = cpeText('<cwmp:X_Hello></cwmp:X_Hello>');
const METHODS = cpeText(
  '<cwmp:GetRPCMethodsResponse><MethodList><string>Reboot</string></MethodList></cwmp:GetRPCMethodsResponse>',
);
const FAULT = cpeText(
  '<soap-env:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>9000</FaultCode><FaultString>no</FaultString></cwmp:Fault></detail></soap-env:Fault>',
);

/** One of everything that the gateway writes to a CPE that informs with `inform`. */
async function everything(
  t: Parameters<typeof rawConnection>[0],
  harness: Parameters<typeof rawConnection>[1],
  inform: string,
): Promise<readonly RawResponse[]> {
  const connection = await rawConnection(t, harness);
  const answers = [await connection.exchange(inform)];
  for (const body of [UNKNOWN, cpeText('<cwmp:GetRPCMethods></cwmp:GetRPCMethods>'), '', METHODS]) {
    answers.push(await connection.exchange(body));
  }
  return answers;
}
const EVERYTHING = ['InformResponse', 'Fault', 'GetRPCMethodsResponse', 'GetRPCMethods', 'GetParameterNames'];

t.test('row 1: no XML declaration, no byte order mark, nothing before the Envelope', async (t) => {
  const harness = await startHarness(t);
  const inform = informText({ serial: 'ROW1' });
  for (const before of ['', '<?xml version="1.0" encoding="UTF-8"?>\n', '\ufeff']) {
    const answers = await everything(t, harness, before + inform);
    t.same(answers.map(rpcOf), EVERYTHING);
    for (const { body, headers } of answers) {
      t.match(body, /^<soap-env:Envelope /);
      t.notMatch(body, /<\?|\ufeff|HoldRequests|NoMoreRequests/);
      t.equal(headers.get('content-type'), 'text/xml; charset="utf-8"');
      t.equal(headers.get('content-length'), String(Buffer.byteLength(body)));
    }
  }
});

t.test('row 2: the prefixes and the version of the Inform; cwmp on the RPC, nothing on its arguments', async (t) => {
  const harness = await startHarness(t);
  const styles = [
    ['SOAP-ENV', 'SOAP-ENC', 'cwmp', 0],
    ['soapenv', 'soapenc', 'cwmp', 1],
    ['soap_env', 'soap_enc', 'cwmp', 2],
    ['s', 'e', 'ns4', 3],
    ['soap', 'encoding', 'cw', 4],
  ] as const;
  for (const [envelope, encoding, prefix, version] of styles) {
    const inform = informText({ serial: `ROW2-${envelope}` })
      .replaceAll('soap-env', envelope)
      .replaceAll('soap-enc', encoding)
      .replaceAll('cwmp:', `${prefix}:`)
      .replaceAll(':cwmp=', `:${prefix}=`)
      .replace('dslforum-org:cwmp-1-2', `dslforum-org:cwmp-1-${version}`)
      .replace(`dslforum-org:${prefix}-1-2`, `dslforum-org:cwmp-1-${version}`);
    const answers = await everything(t, harness, inform);
    t.same(answers.map(rpcOf), EVERYTHING, envelope);
    for (const { body } of answers) {
      t.ok(
        body.startsWith(`<${envelope}:Envelope xmlns:${envelope}="http://schemas.xmlsoap.org/soap/envelope/"`),
        body,
      );
      t.ok(body.includes(` xmlns:${encoding}="http://schemas.xmlsoap.org/soap/encoding/"`), encoding);
      t.ok(body.includes(` xmlns:cwmp="urn:dslforum-org:cwmp-1-${version}"`), String(version));
      t.ok(body.endsWith(`</${envelope}:Body></${envelope}:Envelope>`));
      const content = body.slice(body.indexOf(`<${envelope}:Body>`));
      const prefixed = [...content.matchAll(/<([\w-]+):/g)].map(([, name]) => name);
      t.strictSame(new Set(prefixed), new Set([envelope, 'cwmp']));
    }
    t.match(answers.at(-1)?.body, /<cwmp:GetParameterNames><ParameterPath>Device\.<\/ParameterPath>/);
  }
});

t.test('row 3: a CPE that returns no cookie is known by its connection, and cannot loop for ever', async (t) => {
  t.test('a whole session, and another on the same connection', async (t) => {
    const harness = await startHarness(t);
    const connection = await rawConnection(t, harness);
    for (const rpcs of [['GetRPCMethods', 'GetParameterNames', 'GetParameterNames', ''], ['GetRPCMethods']]) {
      t.equal((await connection.exchange(informText({ serial: 'ROW3' }))).status, 200);
      for (const [index, rpc] of rpcs.entries()) {
        const answer = await connection.exchange(index === 0 ? '' : FAULT);
        t.match([answer.status, rpcOf(answer)], [rpc === '' ? 204 : 200, rpc]);
      }
    }
  });

  t.test('not behind a proxy, where a connection carries many', async (t) => {
    const harness = await startHarness(t, { 'cwmp.proxied': 'true' });
    const connection = await rawConnection(t, harness);
    const cookie = await openRawSession(connection, { serial: 'ROW3' });
    t.match(await connection.exchange(''), { status: 400, body: 'no-session\n' });
    t.equal(rpcOf(await connection.exchange('', { Cookie: cookie })), 'GetRPCMethods');
  });

  t.test('RPCs and time of a session are capped', async (t) => {
    for (const [setting, value, reason] of [
      ['session.maxRpcs', '50', 'too-many-rpcs'],
      ['session.max', '1s', 'too-long'],
    ] as const) {
      const harness = await startHarness(t, { [setting]: value });
      const connection = await rawConnection(t, harness);
      await openRawSession(connection, { serial: 'ROW3' });
      let last = 200;
      const grown = await counted(harness, ['cwmp_session_end'], async () => {
        const start = Date.now();
        while (last === 200 && Date.now() - start < 10_000) last = (await connection.exchange(UNKNOWN)).status;
      });
      t.equal(last, 204);
      t.same(grown, { [`cwmp_session_end ${reason}`]: 1 });
    }
  });
});

t.test('row 4: the cookie is letters and digits with a Path, and is found among what CPEs make of it', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  const answer = await connection.exchange(informText({ serial: 'ROW4' }));
  t.match(answer.head, /\r\nSet-Cookie: causeway=[A-Za-z0-9]{48}; Path=\/(\r\n|$)/);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  for (const echoed of [
    `${cookie}; Path=/; HttpOnly`,
    `$Version=1; ${cookie}; $Path=/`,
    `Path=/;${cookie}`,
    `sid=1,${cookie}`,
    cookie.replace('=', '="') + '"',
    `causeway=${'B'.repeat(48)}; ${cookie}`,
  ]) {
    const other = await rawConnection(t, harness);
    t.match(rpcOf(await other.exchange(UNKNOWN, { Cookie: echoed })), 'Fault', echoed);
  }
});

t.test('row 5: the end is 204, and what a confused CPE says after it harms nobody', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  const cookie = await openRawSession(connection, { serial: 'ROW5' });
  let answer = await connection.exchange('', { Cookie: cookie });
  while (answer.status === 200) {
    t.not(answer.body, '', 'never 200 without a body');
    answer = await connection.exchange(FAULT, { Cookie: cookie });
  }
  t.equal(answer.status, 204);
  t.equal(answer.body, '');
  t.notOk(answer.headers.has('content-length'));
  t.notOk(answer.headers.has('content-type'));
  const garbage = `${METHODS}${METHODS}\u0000\u0001${METHODS.slice(0, 200)}`;
  for (const body of [METHODS, FAULT])
    t.equal((await connection.exchange(body, { Cookie: cookie })).status, 204, 'again');
  const grown = await counted(harness, ['cwmp_refused'], async () => {
    const last = await rawConnection(t, harness);
    t.equal((await last.exchange(garbage, { Cookie: cookie })).status, 400);
    await last.ended();
  });
  t.match(Object.values(grown), [1], 'one reason');
  t.equal(rpcOf(await (await rawConnection(t, harness)).exchange(informText({ serial: 'ROW5' }))), 'InformResponse');
});
