// No password, and nothing from which one could be had, ever stands in an outcome or a trace: not even when the CPE, or
// whoever answers in its place, says our own words back to us wherever a reply has room for them.
import fc from 'fast-check';
import t from 'tap';
import { startScriptedCpe, type ScriptedReply } from './scripted-cpe.ts';
import { wake } from './waker.ts';

const digest = 'Digest realm="r", nonce="n", qop="auth"';
const oneLine = (request: string) => request.replace(/[\r\n]+/g, ' ');

const echoes: Record<string, (request: string) => string> = {
  reason: (request) => `HTTP/1.1 401 ${oneLine(request)}\r\nWWW-Authenticate: ${digest}\r\n\r\n`,
  realm: (request) =>
    `HTTP/1.1 401 X\r\nWWW-Authenticate: Digest nonce="n", realm="${oneLine(request).replaceAll('"', '')}"\r\n\r\n`,
  scheme: (request) => `HTTP/1.1 401 X\r\nWWW-Authenticate: ${oneLine(request).replace('GET ', '')}\r\n\r\n`,
  algorithm: (request) =>
    `HTTP/1.1 401 X\r\nWWW-Authenticate: Digest nonce="n", algorithm="${oneLine(request).replaceAll('"', '')}"\r\n\r\n`,
  basic: () => 'HTTP/1.1 401 X\r\nWWW-Authenticate: Basic realm="r"\r\n\r\n',
  location: (request) => `HTTP/1.1 302 Found\r\nLocation: http://x/${oneLine(request)}\r\n\r\n`,
  bare: (request) => request,
  status: (request) => `${request}HTTP/1.1 599 ${oneLine(request)}\r\n\r\n`,
};

/** Everything that would give the password away, or let another repeat our request. */
function secretsOf(requests: readonly string[], passwords: readonly string[], usernames: readonly string[]): string[] {
  const pairs = usernames.flatMap((username) => passwords.map((password) => `${username}:${password}`));
  const sent = requests.flatMap((request) => {
    const authorization = /Authorization: (\S+) ([^\r]*)/.exec(request)?.[2];
    const response = /response="(\w+)"/.exec(request)?.[1];
    return [authorization, response].filter((text) => text !== undefined);
  });
  const encoded = pairs.map((pair) => Buffer.from(pair).toString('base64').replace(/=*$/, ''));
  return [...passwords, ...encoded, ...sent];
}

t.test('whatever the CPE echoes', async (t) => {
  const secret = fc.string({
    unit: fc.constantFrom('a', 'f', 'k', 'q', 'x', 'z', '2', '3', '7', '9'),
    minLength: 12,
    maxLength: 20,
  });
  const scenario = fc.record({
    first: fc.constantFrom(...Object.keys(echoes)),
    then: fc.constantFrom(...Object.keys(echoes)),
    passwords: fc.array(secret, { minLength: 1, maxLength: 2 }),
    sameName: fc.boolean(),
    inUrl: fc.boolean(),
  });
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(scenario, async ({ first, then, passwords, sameName, inUrl }) => {
      const stops: (() => void)[] = [];
      const echo =
        (name: string): ScriptedReply =>
        (socket, request) =>
          socket.end(echoes[name]?.(request) ?? '', 'latin1');
      const cpe = await startScriptedCpe({ teardown: (stop) => stops.push(stop) }, [echo(first), echo(then)]);
      // User name and password are often the same: then the name is a secret, too.
      const candidates = passwords.map((password) => ({
        from: 'device',
        username: sameName ? password : 'cruser',
        password,
      }));
      const url = inUrl ? cpe.url.replace('//', `//user:${passwords[0] ?? ''}@`) : cpe.url;
      const result = await wake({ url, candidates, budgetMs: 1000 });
      for (const stop of stops) stop();
      kinds.add(result.outcome.kind);
      const told = JSON.stringify(result).toLowerCase();
      const names = candidates.map(({ username }) => username);
      return secretsOf(cpe.requests, passwords, names).every((text) => !told.includes(text.toLowerCase()));
    }),
    { numRuns: 120 },
  );
  t.ok(kinds.has('wrong-credentials') && kinds.has('not-http') && kinds.has('other-status'), [...kinds].join(', '));
});
