// Names for what Node says when a dial fails.
import t from 'tap';
import { failureOf } from '../../../proxy/mtp/dial/failures.ts';

const withCode = (code: string): Error => Object.assign(new Error('a word'), { code });

t.test('codes of Node and OpenSSL', async (t) => {
  for (const [code, name] of [
    ['EAI_AGAIN', 'name-not-found'],
    ['ETIMEDOUT', 'unreachable'],
    ['EPIPE', 'reset'],
    ['EMFILE', 'no-descriptors'],
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-failed'],
    ['EPROTO', 'tls-failed'],
    ['HPE_INVALID_CONSTANT', 'not-http'],
    ['ENOSYS', 'network-error'],
  ] as const) {
    t.equal(failureOf(withCode(code)), name, code);
  }
});

t.test('words of ws', async (t) => {
  t.equal(failureOf(new Error('Server sent no subprotocol')), 'no-subprotocol');
  t.equal(failureOf(new Error('Invalid Sec-WebSocket-Accept header')), 'bad-handshake');
});
