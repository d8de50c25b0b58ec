import fc from 'fast-check';
import t from 'tap';
import { parseConnectionRequestUrl } from '../../../proxy/cwmp/connection-request/connection-request-url.ts';

t.test('targets', async (t) => {
  const target = (text: string) => {
    const parsed = parseConnectionRequestUrl(text);
    return parsed.ok ? parsed.target : parsed.problem;
  };
  t.same(target('http://192.0.2.7:7547/f9e4c636'), {
    secure: false,
    hostname: '192.0.2.7',
    port: 7547,
    host: '192.0.2.7:7547',
    path: '/f9e4c636',
  });
  t.same(target('http://192.0.2.7'), { secure: false, hostname: '192.0.2.7', port: 80, host: '192.0.2.7', path: '/' });
  t.same(target('HTTPS://Cpe.Example.org/a/B?c=D#e'), {
    secure: true,
    hostname: 'cpe.example.org',
    port: 443,
    host: 'cpe.example.org',
    path: '/a/B?c=D',
  });
  t.same(target('http://[2001:DB8::1]:7547/'), {
    secure: false,
    hostname: '2001:db8::1',
    port: 7547,
    host: '[2001:db8::1]:7547',
    path: '/',
  });
  t.match(target('http://user:secret@192.0.2.7/x'), { host: '192.0.2.7', path: '/x' }, 'credentials are dropped');
  t.match(target('http://0x7f.1/'), { hostname: '127.0.0.1' }, 'odd spellings of an address are resolved');
});

t.test('URLs that cannot be used', async (t) => {
  const problem = (text: string) => {
    const parsed = parseConnectionRequestUrl(text);
    return parsed.ok ? 'ok' : parsed.problem;
  };
  t.equal(problem('192.0.2.7:7547/x'), 'not-a-url');
  t.equal(problem('http://'), 'not-a-url');
  t.equal(problem('http://192.0.2.7:65536/'), 'not-a-url');
  t.equal(problem('localhost:7547'), 'not-http');
  t.equal(problem('file:///etc/passwd'), 'not-http');
  t.equal(problem('gopher://192.0.2.7:70/_GET'), 'not-http');
  t.equal(problem('http://192.0.2.7:0/'), 'port-zero');
  t.equal(problem(`http://192.0.2.7/${'x'.repeat(2048)}`), 'too-long');
});

t.test('a target never breaks out of its request line', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (tail) => {
      const parsed = parseConnectionRequestUrl(`http://192.0.2.7/${tail}`);
      return !parsed.ok || (/^[\x21-\x7e]+$/.test(parsed.target.path) && /^[\x21-\x7e]+$/.test(parsed.target.host));
    }),
    { numRuns: 2000 },
  );
  t.pass('no space and no control character is left in it');
});
