// Rows 6 and 7 of the list of quirks: how CPEs authenticate, by the bytes.
import { createHash } from 'node:crypto';
import t from 'tap';
import { startHarness } from './harness.ts';
import { cookieOf, counted, cpeText, informText, rawConnection, type RawResponse, rpcOf } from './south-tools.ts';

const DIGEST = { 'cwmp.auth': 'digest', 'cwmp.username': 'cpe', 'cwmp.password': 'sécret' };

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

interface Dialect {
  readonly uri: string;
  /** `2069`: without qop, nc and cnonce, whatever was offered. */
  readonly form: '2069' | 'auth';
  readonly nc?: string;
  /** How the parameters are put together. */
  readonly separator?: string;
  readonly quoteAll?: boolean;
  readonly password?: string;
}

function authorization(challenge: RawResponse, dialect: Dialect): string {
  const { uri, form, nc = '00000001', separator = ', ', quoteAll = false, password = 'sécret' } = dialect;
  const header = challenge.headers.get('www-authenticate') ?? '';
  const offered = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? '';
  const [realm, nonce] = [offered('realm'), offered('nonce')];
  const [a1, a2] = [md5(`cpe:${realm}:${password}`), md5(`POST:${uri}`)];
  const cnonce = 'Y25vbmNl/+==';
  const response = form === '2069' ? md5(`${a1}:${nonce}:${a2}`) : md5(`${a1}:${nonce}:${nc}:${cnonce}:auth:${a2}`);
  const bare = (text: string): string => (quoteAll ? `"${text}"` : text);
  const parts = [`username="cpe"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`, `response="${response}"`];
  if (form === 'auth') parts.push(`qop=${bare('auth')}`, `nc=${nc}`, `cnonce="${cnonce}"`, `algorithm=${bare('MD5')}`);
  return `Digest ${parts.join(separator)}`;
}

t.test('row 6: the Inform is authenticated, and nothing after it', async (t) => {
  const harness = await startHarness(t, DIGEST);
  const connection = await rawConnection(t, harness);
  let challenge: RawResponse | undefined;
  const grown = await counted(harness, ['cwmp_refused', 'cwmp_informs'], async () => {
    challenge = await connection.exchange('');
  });
  t.same(grown, { 'cwmp_refused no-credentials': 1 }, 'an empty POST that fishes for the challenge');
  if (challenge === undefined) return;
  t.equal(challenge.status, 401);
  t.match(challenge.head, /\r\nWWW-Authenticate: Digest realm="causeway", nonce="[^"]+", qop="auth", algorithm=MD5,/);
  t.equal(cookieOf(challenge), '', 'begins no session');
  t.not(challenge.headers.get('connection'), 'close');
  const inform = await connection.exchange(informText({ serial: 'ROW6' }), {
    Authorization: authorization(challenge, { uri: '', form: '2069' }),
  });
  t.equal(rpcOf(inform), 'InformResponse');
  const cookie = cookieOf(inform);
  t.equal(rpcOf(await connection.exchange('', { Cookie: cookie })), 'GetRPCMethods', 'and no word of it afterwards');
  const elsewhere = await rawConnection(t, harness);
  const asked = await elsewhere.exchange(cpeText('<cwmp:GetRPCMethods/>'), { Cookie: cookie });
  t.equal(rpcOf(asked), 'GetRPCMethodsResponse', 'not on another connection either');
  t.equal((await connection.exchange(informText({ serial: 'ROW6' }), { Cookie: cookie })).status, 401, 'but an Inform');
});

t.test('row 7: dialects of Digest', async (t) => {
  const harness = await startHarness(t, DIGEST);
  const inform = informText({ serial: 'ROW7' });
  const dialects: readonly Dialect[] = [
    { uri: '', form: '2069' },
    { uri: '/acs', form: 'auth' },
    { uri: '/elsewhere', form: 'auth', nc: '0000002A' },
    { uri: '/acs', form: 'auth', quoteAll: true },
    { uri: '/acs', form: 'auth', separator: ',' },
    { uri: 'http://127.0.0.1:7547/acs', form: 'auth', separator: ' ' },
  ];
  for (const dialect of dialects) {
    const connection = await rawConnection(t, harness);
    const challenge = await connection.exchange(inform);
    t.equal(challenge.status, 401);
    const Authorization = authorization(challenge, dialect);
    for (const time of ['first', 'second']) {
      const answer = await connection.exchange(inform, { Authorization });
      t.equal(rpcOf(answer), 'InformResponse', `${JSON.stringify(dialect)}, the ${time} time under one nc`);
    }
  }

  t.test('Basic before any challenge is challenged, and the answer may come on a new connection', async (t) => {
    const first = await rawConnection(t, harness);
    const Basic = { Authorization: `Basic ${Buffer.from('cpe:sécret').toString('base64')}` };
    let challenge: RawResponse | undefined;
    const grown = await counted(harness, ['cwmp_refused'], async () => {
      challenge = await first.exchange(inform, Basic);
    });
    t.same(grown, { 'cwmp_refused basic-refused': 1 });
    if (challenge === undefined) return;
    first.socket.destroy();
    const second = await rawConnection(t, harness);
    const Authorization = authorization(challenge, { uri: '/acs', form: 'auth' });
    t.equal(rpcOf(await second.exchange(inform, { Authorization })), 'InformResponse');
  });

  t.test('Basic where it is configured', async (t) => {
    const basic = await startHarness(t, { ...DIGEST, 'cwmp.auth': 'basic' });
    const connection = await rawConnection(t, basic);
    t.match((await connection.exchange(inform)).head, /\r\nWWW-Authenticate: Basic realm="causeway"/);
    const Authorization = `Basic ${Buffer.from('cpe:sécret').toString('base64')}`;
    t.equal(rpcOf(await connection.exchange(inform, { Authorization })), 'InformResponse');
  });

  t.test('what does not fit is challenged anew; the CPE is not told what it was', async (t) => {
    const connection = await rawConnection(t, harness);
    const challenge = await connection.exchange(inform);
    const good = authorization(challenge, { uri: '/acs', form: 'auth' });
    const bad: readonly (readonly [reason: string, header: string])[] = [
      ['wrong-password', authorization(challenge, { uri: '/acs', form: 'auth', password: 'guess' })],
      ['unknown-user', good.replace('username="cpe"', 'username="root"')],
      ['wrong-realm', good.replace('realm="causeway"', 'realm="other"')],
      ['bad-header', 'Digest'],
      ['bad-header', 'Negotiate abc'],
    ];
    for (const [reason, Authorization] of bad) {
      const grown = await counted(harness, ['cwmp_refused', 'cwmp_informs'], async () => {
        const answer = await connection.exchange(inform, { Authorization });
        t.match(answer, { status: 401, body: 'unauthorized\n' }, reason);
        t.match(answer.headers.get('www-authenticate'), /^Digest /);
      });
      t.same(grown, { [`cwmp_refused ${reason}`]: 1 });
    }
    t.notOk(harness.log.some((line) => line.includes('sécret') || line.includes('guess')));
  });
});
