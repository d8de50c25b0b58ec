import t from 'tap';
import { formatJid, parseFullJid, parseJid, spellingOf } from '../../../../proxy/cwmp/connection-request/xmpp/jid.ts';

t.test('a full Jabber ID is taken apart, in one spelling', async (t) => {
  const parsed = parseFullJid(' Cpe-1@XMPP.example/Res/ource@1 ');
  t.same(parsed, { ok: true, jid: { local: 'cpe-1', domain: 'xmpp.example', resource: 'Res/ource@1' } });
  t.equal(parsed.ok && formatJid(parsed.jid), 'cpe-1@xmpp.example/Res/ource@1');
});

t.test('what cannot be called is told why', async (t) => {
  t.same(parseFullJid('cpe@xmpp.example'), { ok: false, problem: 'no-resource' });
  for (const text of ['', 'xmpp.example/r', '@xmpp.example/r', 'a@b@c/r', 'a b@c/r', 'a@c/', 'a@c/r\u0000', 'a"@c/r']) {
    t.same(parseFullJid(text), { ok: false, problem: 'not-a-jid' }, text);
  }
  t.equal(parseJid(`${'a'.repeat(1024)}@c`), undefined);
});

t.test('senders are compared in the spelling of what was asked', async (t) => {
  t.equal(spellingOf('CPE@xmpp.example/R'), 'cpe@xmpp.example/R');
  t.equal(spellingOf('XMPP.example'), 'xmpp.example');
  t.equal(spellingOf(undefined), '');
});
