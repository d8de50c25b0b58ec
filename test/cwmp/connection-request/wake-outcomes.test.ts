// Each way a Connection Request can end has its own outcome, with an explanation and a trace (promise 2).
import { Socket } from 'node:net';
import t from 'tap';
import { busy, ok, startScriptedCpe, unauthorized } from './scripted-cpe.ts';
import { jumpingClock, pauseClock, wake } from './waker.ts';

const credentials = [{ from: 'device', username: 'cruser', password: 'crpass' }];

t.test('accepted', async (t) => {
  const cpe = await startScriptedCpe(t, [ok]);
  const { outcome, trace } = await wake({ url: cpe.url });
  t.match(outcome, { kind: 'accepted', status: 200, authenticated: false, retryable: false });
  t.same(cpe.requests, [`GET /cr HTTP/1.1\r\nHost: 127.0.0.1:${cpe.port}\r\nConnection: close\r\n\r\n`]);
  t.same(
    trace.map(({ what }) => what),
    ['url', 'connect', 'request', 'reply', 'outcome'],
  );
  t.equal(trace[0]?.detail, cpe.url);
  t.ok(trace.every(({ at }, index) => at >= (trace[index - 1]?.at ?? 0) && Number.isInteger(at)));
  t.equal(cpe.open.size, 0, 'no connection is left');
  const empty = await startScriptedCpe(t, ['HTTP/1.1 204 No Content\r\n\r\n']);
  t.match((await wake({ url: empty.url })).outcome, { kind: 'accepted', status: 204 });
});

t.test('there is nothing to contact', async (t) => {
  t.match((await wake({ url: undefined })).outcome, { kind: 'no-url', retryable: false });
  t.match((await wake({ url: '  ' })).outcome, { kind: 'no-url' });
  t.match((await wake({ url: '10.0.0.1:7547' })).outcome, { kind: 'bad-url', problem: 'not-a-url', retryable: false });
});

t.test('the address is not allowed: nothing is sent', async (t) => {
  const cpe = await startScriptedCpe(t, [ok]);
  const refused = await wake({ url: cpe.url, sourceAddress: '203.0.113.9' });
  t.match(refused.outcome, { kind: 'address-not-allowed', address: '127.0.0.1', reason: 'loopback', retryable: false });
  const own = { networks: [], ownListeners: [{ address: '127.0.0.1', port: cpe.port }], ownAddresses: [] };
  t.match((await wake({ url: cpe.url }, { addresses: own })).outcome, { reason: 'own-listener' });
  const name = cpe.url.replace('127.0.0.1', 'cpe.example');
  const resolve = async () => ['10.0.0.1', '127.0.0.1'];
  const resolved = await wake({ url: name, sourceAddress: '203.0.113.9' }, {}, { resolve });
  t.match(resolved.outcome, { kind: 'address-not-allowed', address: '10.0.0.1', reason: 'not-the-inform-source' });
  t.same(cpe.requests, []);
  t.equal(cpe.open.size, 0);
});

t.test('a name resolves to the one address that is allowed', async (t) => {
  const cpe = await startScriptedCpe(t, [ok]);
  const url = cpe.url.replace('127.0.0.1', 'cpe.example');
  const { outcome, trace } = await wake({ url }, {}, { resolve: async () => ['10.0.0.1', '127.0.0.1'] });
  t.equal(outcome.kind, 'accepted');
  t.match(cpe.requests[0], `Host: cpe.example:${cpe.port}\r\n`);
  t.ok(trace.some(({ what, detail }) => what === 'resolve' && detail === 'cpe.example is 127.0.0.1'));
});

t.test('the peer is checked again once connected: nothing is sent', async (t) => {
  const cpe = await startScriptedCpe(t, [ok]);
  // As if something between had led the connection to another host than the one asked for.
  const connect = () => new Socket().connect({ host: '127.0.0.1', port: cpe.port });
  const { outcome } = await wake({ url: 'http://203.0.113.9/', sourceAddress: '203.0.113.9' }, {}, { connect });
  t.match(outcome, { kind: 'address-not-allowed', address: '127.0.0.1', reason: 'loopback' });
  t.same(cpe.requests, []);
});

t.test('names that do not resolve', async (t) => {
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error('no'), { code }));
  const url = 'http://cpe.example/';
  const unknown = await wake({ url }, {}, { resolve: failing('ENOTFOUND') });
  t.match(unknown.outcome, { kind: 'dns-failed', code: 'ENOTFOUND', retryable: false });
  const again = await wake({ url }, {}, { resolve: failing('EAI_AGAIN') });
  t.match(again.outcome, { kind: 'dns-failed', code: 'EAI_AGAIN', retryable: true });
  t.match((await wake({ url }, {}, { resolve: async () => [] })).outcome, { kind: 'dns-failed', code: 'ENOTFOUND' });
  const silent = await wake({ url }, {}, { clock: jumpingClock(), resolve: () => new Promise(() => undefined) });
  t.match(silent.outcome, { kind: 'dns-failed', code: 'ETIMEDOUT', retryable: true });
});

t.test('no connection', async (t) => {
  const failing = (code: string) => () => {
    const socket = new Socket();
    socket.destroy(Object.assign(new Error('no'), { code }));
    return socket;
  };
  const url = 'http://127.0.0.1:7547/';
  const outcomeOf = async (code: string) => (await wake({ url }, {}, { connect: failing(code) })).outcome;
  t.match(await outcomeOf('EHOSTUNREACH'), { kind: 'host-unreachable', code: 'EHOSTUNREACH', retryable: true });
  t.match(await outcomeOf('ENETUNREACH'), { kind: 'network-unreachable', code: 'ENETUNREACH', retryable: false });
  t.match(await outcomeOf('EPERM'), { kind: 'network-unreachable', code: 'EPERM' }, 'our own firewall');
  t.match(await outcomeOf('ETIMEDOUT'), { kind: 'connect-timeout', retryable: true });
  t.match(await outcomeOf('ECONNRESET'), { kind: 'closed-early', bytes: 0 });
  t.match(await outcomeOf('EMFILE'), { kind: 'local-failure', code: 'EMFILE', retryable: true });
  const silent = await wake({ url }, {}, { clock: jumpingClock(), connect: () => new Socket() });
  t.match(silent.outcome, { kind: 'connect-timeout', withinMs: 5000, retryable: true });
  t.equal(silent.trace.at(-1)?.at, 5000);
});

t.test('refused', async (t) => {
  let stop = (): void => undefined;
  const { url } = await startScriptedCpe({ teardown: (run) => (stop = run) }, [ok]);
  stop();
  t.match((await wake({ url, budgetMs: 1000 })).outcome, { kind: 'refused', retryable: true }, 'by a real host');

  const connect = () => {
    const socket = new Socket();
    socket.destroy(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
    return socket;
  };
  const { outcome, trace } = await wake({ url, budgetMs: 3000 }, {}, { clock: jumpingClock(), connect });
  t.match(outcome, { kind: 'refused', retryable: true });
  t.equal(trace.filter(({ what }) => what === 'wait').length, 2, 'a rebooting CPE is asked again');
  t.ok((trace.at(-1)?.at ?? 0) <= 3000, 'within the budget');
});

t.test('connected, but no reply', async (t) => {
  const silent = await startScriptedCpe(t, [() => undefined]);
  const late = await wake({ url: silent.url }, { replyMs: 40 });
  t.match(late.outcome, { kind: 'reply-timeout', withinMs: 40, retryable: true });

  const closing = await startScriptedCpe(t, ['']);
  t.match((await wake({ url: closing.url })).outcome, { kind: 'closed-early', bytes: 0, retryable: true });
  const resetting = await startScriptedCpe(t, [(socket) => socket.resetAndDestroy()]);
  t.match((await wake({ url: resetting.url })).outcome, { kind: 'closed-early', bytes: 0 });
  const cut = await startScriptedCpe(t, ['HTTP/1.1 2']);
  t.match((await wake({ url: cut.url })).outcome, { kind: 'closed-early', bytes: 10 });
});

t.test('a reply that is not HTTP', async (t) => {
  const ssh = await startScriptedCpe(t, ['SSH-2.0-dropbear_2019.78\r\n']);
  t.match((await wake({ url: ssh.url })).outcome, { kind: 'not-http', looksLike: 'ssh', retryable: false });
  const endless = await startScriptedCpe(t, [
    (socket) => {
      const more = () => socket.write(`X: ${'x'.repeat(4000)}\r\n`, (error) => !error && setImmediate(more));
      socket.write('HTTP/1.1 200 OK\r\n');
      more();
    },
  ]);
  t.match((await wake({ url: endless.url })).outcome, { kind: 'not-http', looksLike: 'endless-head' });
});

t.test('401', async (t) => {
  const asking = await startScriptedCpe(t, [unauthorized('Digest realm="r", nonce="n", qop="auth"')]);
  t.match((await wake({ url: asking.url })).outcome, { kind: 'no-credentials', retryable: false });
  const refused = await wake({ url: asking.url, candidates: [...credentials, ...credentials] });
  t.match(refused.outcome, { kind: 'wrong-credentials', tried: 2, retryable: false });

  const answerTo = async (challenges: string[], allowBasic = true) => {
    const cpe = await startScriptedCpe(t, [unauthorized(...challenges), ok]);
    const { outcome } = await wake({ url: cpe.url, candidates: credentials, allowBasic });
    return outcome.kind === 'challenge-not-understood' ? outcome.reason : outcome.kind;
  };
  t.equal(await answerTo([]), 'no-challenge');
  t.equal(await answerTo(['Negotiate']), 'unknown-scheme');
  t.equal(await answerTo(['Digest realm="r"']), 'no-nonce');
  t.equal(await answerTo(['Digest nonce="n", algorithm=SHA-512-256']), 'unknown-algorithm');
  t.equal(await answerTo(['Digest nonce="n", qop="auth-int"']), 'unknown-qop');
  t.equal(await answerTo(['Basic realm="r"'], false), 'basic-refused');
  t.equal(await answerTo(['Basic realm="r"']), 'accepted');
});

t.test('other statuses; a redirect is not followed', async (t) => {
  const elsewhere = await startScriptedCpe(t, [ok]);
  const cpe = await startScriptedCpe(t, [`HTTP/1.1 302 Found\r\nLocation: ${elsewhere.url}\r\n\r\n`]);
  t.match((await wake({ url: cpe.url })).outcome, { kind: 'other-status', status: 302, retryable: false });
  t.same(elsewhere.requests, []);
  const failing = await startScriptedCpe(t, ['HTTP/1.1 500 Oops\r\n\r\n']);
  t.match((await wake({ url: failing.url })).outcome, { kind: 'other-status', status: 500, retryable: true });
});

// With this chance, no pause is as long as these limits or the time to close.
const random = (size: number): Uint8Array => new Uint8Array(size).fill(255);
const limits = { connectMs: 999, replyMs: 999 };
const pausing = () => ({ clock: pauseClock([999, 250]), random });

t.test('busy: again after growing pauses, until the budget is spent', async (t) => {
  const once = await startScriptedCpe(t, [busy, ok]);
  const accepted = await wake({ url: once.url }, limits, pausing());
  t.equal(accepted.outcome.kind, 'accepted');
  t.same(
    accepted.trace.map(({ what }) => what),
    ['url', 'connect', 'request', 'reply', 'wait', 'connect', 'request', 'reply', 'outcome'],
  );
  const always = await startScriptedCpe(t, [busy]);
  const { outcome, trace } = await wake({ url: always.url, budgetMs: 11_000 }, limits, pausing());
  t.match(outcome, { kind: 'busy', retryable: true });
  t.same(
    trace.filter(({ what }) => what === 'wait').map(({ detail }) => /\d+/.exec(detail)?.[0]),
    ['625', '1250', '2500', '5000'],
  );
  t.equal(always.requests.length, 5);
});

t.test('a candidate that was refused is not tried again after a pause', async (t) => {
  const challenge = unauthorized('Digest realm="r", nonce="n"');
  const cpe = await startScriptedCpe(t, [challenge, challenge, busy, challenge, ok]);
  const candidates = ['first', 'second'].map((username) => ({ from: username, username, password: 'p' }));
  const { outcome } = await wake({ url: cpe.url, candidates }, limits, pausing());
  t.match(outcome, { kind: 'accepted', authenticated: true });
  t.same(
    cpe.requests.map((request) => /username="(\w+)"/.exec(request)?.[1]),
    [undefined, 'first', 'second', undefined, 'second'],
  );
});

t.test('the budget holds for all requests together', async (t) => {
  let now = 0;
  const clock = { now: () => now, after: () => ({ cancel: () => undefined }) };
  const slow = await startScriptedCpe(t, [
    (socket) => {
      now += 1000;
      socket.end(unauthorized('Digest nonce="n"'));
    },
  ]);
  const candidates = Array.from({ length: 50 }, () => ({ from: 'device', username: 'u', password: 'p' }));
  const { outcome } = await wake({ url: slow.url, candidates, budgetMs: 4500 }, {}, { clock });
  t.match(outcome, { kind: 'out-of-time', budgetMs: 4500, retryable: true });
  t.equal(slow.requests.length, 5);
});
