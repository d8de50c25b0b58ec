// The URL that an Agent dials.
import t from 'tap';
import { dialUrl, hostOf, portOf } from '../../../proxy/mtp/dial/url.ts';
import { TARGET } from './target.ts';

t.test(
  'scheme, host, port and path are the row’s; eid is the Agent’s, its percent signs encoded (R-WS.10c)',
  async (t) => {
    const url = dialUrl({ ...TARGET, agent: 'ops::00AABB-A%2DB-1' });
    t.equal(url?.href, 'wss://controller.example:8443/usp?eid=ops::00AABB-A%252DB-1');
    t.equal(
      dialUrl({ ...TARGET, encrypted: false, port: undefined, path: '' })?.href,
      `ws://controller.example/?eid=${TARGET.agent}`,
    );
  },
);

t.test('a path may lack its slash, and have a query of its own', async (t) => {
  t.equal(dialUrl({ ...TARGET, path: 'a/b' })?.pathname, '/a/b');
  t.equal(dialUrl({ ...TARGET, path: '/usp?tenant=7' })?.search, `?tenant=7&eid=${TARGET.agent}`);
  t.equal(dialUrl({ ...TARGET, path: '/a#b' })?.hash, '', 'and no fragment');
});

t.test('addresses', async (t) => {
  const six = dialUrl({ ...TARGET, host: '2001:db8::1', port: undefined });
  t.ok(six);
  if (six === undefined) return;
  t.equal(hostOf(six), '2001:db8::1');
  t.equal(portOf(six), 443);
  const hidden = dialUrl({ ...TARGET, host: '0x7f.1', encrypted: false, port: undefined });
  t.equal(hidden === undefined ? '' : hostOf(hidden), '127.0.0.1', 'a disguised address shows itself');
  t.equal(hidden === undefined ? 0 : portOf(hidden), 80);
});

t.test('what would end the host’s part makes no URL', async (t) => {
  for (const host of [
    '',
    'a@b',
    'a/b',
    'a?b',
    'a#b',
    'a:1',
    'a b',
    'a\r\nb',
    '[::1]',
    '999.1.1.1',
    'a\\b',
    'é.example',
  ]) {
    t.equal(dialUrl({ ...TARGET, host }), undefined, JSON.stringify(host));
  }
});
