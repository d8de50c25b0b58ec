import t from 'tap';
import { describeEnding, type ConnectionRequestEnding } from '../../../proxy/cwmp/connection-request/outcomes.ts';

const endings: readonly ConnectionRequestEnding[] = [
  { kind: 'accepted', status: 200, authenticated: true },
  { kind: 'accepted', status: 204, authenticated: false },
  { kind: 'no-url' },
  { kind: 'bad-url', problem: 'port-zero' },
  { kind: 'address-not-allowed', address: '127.0.0.1', reason: 'own-listener' },
  { kind: 'dns-failed', code: 'ENOTFOUND' },
  { kind: 'refused' },
  { kind: 'host-unreachable', code: 'EHOSTUNREACH' },
  { kind: 'network-unreachable', code: 'ENETUNREACH' },
  { kind: 'connect-timeout', withinMs: 5000 },
  { kind: 'tls-failed', code: 'CERT_HAS_EXPIRED' },
  { kind: 'reply-timeout', withinMs: 5000 },
  { kind: 'closed-early', bytes: 3 },
  { kind: 'not-http', looksLike: 'tls' },
  { kind: 'no-credentials' },
  { kind: 'wrong-credentials', tried: 2 },
  { kind: 'challenge-not-understood', reason: 'unknown-qop' },
  { kind: 'busy' },
  { kind: 'other-status', status: 302 },
  { kind: 'other-status', status: 403 },
  { kind: 'other-status', status: 404 },
  { kind: 'other-status', status: 418 },
  { kind: 'out-of-time', budgetMs: 15_000 },
  { kind: 'local-failure', code: 'EMFILE' },
  { kind: 'bad-udp-address', problem: 'not-an-address' },
  { kind: 'udp-sent', times: 3 },
  { kind: 'bad-jid', problem: 'no-resource' },
  { kind: 'jid-not-allowed', domain: 'elsewhere.example' },
  { kind: 'not-connected', problem: { name: 'unreachable', code: 'ECONNREFUSED' } },
  { kind: 'xmpp-accepted' },
  { kind: 'xmpp-timeout', withinMs: 5000 },
  { kind: 'not-authorized' },
  { kind: 'cpe-offline', condition: 'service-unavailable' },
  { kind: 'xmpp-error', condition: 'unknown' },
];

t.test('every ending has a sentence of its own, with its facts in it', async (t) => {
  const told = endings.map((ending) => describeEnding(ending).explanation);
  t.equal(new Set(told).size, endings.length);
  for (const [index, explanation] of told.entries()) {
    t.match(explanation, /^[A-Z0-9].*\.$/, explanation);
    const { kind, ...facts } = endings[index] ?? { kind: '' };
    for (const value of Object.values(facts)) {
      if (typeof value === 'number') t.ok(explanation.includes(String(value)), `${kind}: ${value}`);
    }
  }
});

t.test('what helps is said: our own ACS URL as ConnectionRequestURL (freeacs#140)', async (t) => {
  const { explanation } = describeEnding({ kind: 'address-not-allowed', address: '192.0.2.1', reason: 'own-listener' });
  t.match(explanation, /ACS URL was probably set as the ConnectionRequestURL/);
});
