// Every reply to a Connection Request that real CPE programs were seen to give is understood, where the captures are at
// hand: among them the ones that Node's own HTTP client refuses (quirk 8).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { answerChallenge, chooseChallenge } from '../../../proxy/cwmp/connection-request/challenge-answer.ts';
import { createReplyReader } from '../../../proxy/cwmp/connection-request/http-reply.ts';

const captures = '../shared/facts/captures';
const skip = existsSync(captures) ? false : 'captures are not here';

const replies = skip
  ? []
  : readdirSync(captures, { recursive: true, encoding: 'utf8' }).filter((file) => /connreq-CPE-reply/.test(file));

t.test('captured replies', { skip }, async (t) => {
  t.ok(replies.length >= 30, `${replies.length} replies`);
  for (const file of replies) {
    const bytes = readFileSync(join(captures, file));
    const reader = createReplyReader();
    // Two bytes at a time: a CPE may write as it likes.
    for (let at = 0; at < bytes.length; at += 2) reader.feed(bytes.subarray(at, at + 2));
    const progress = reader.end();
    if (bytes.length === 0) {
      t.same(progress, { kind: 'closed-early', bytes: 0 }, `${file}: empty`);
      continue;
    }
    if (progress.kind !== 'reply') {
      t.fail(`${file}: ${progress.kind}`);
      continue;
    }
    const { reply } = progress;
    t.equal(reply.status, Number(bytes.toString('latin1').split(' ')[1]), `${file}: ${reply.status}`);
    if (reply.status !== 401) continue;
    const chosen = chooseChallenge(reply, true);
    if (!chosen.ok) {
      t.fail(`${file}: ${chosen.reason}`);
      continue;
    }
    const credentials = { from: 'test', username: 'u', password: 'p' };
    t.match(answerChallenge(chosen.challenge, credentials, '/', 'c'), /^(Digest username="u", realm="|Basic dTpw$)/);
    if (chosen.challenge.scheme === 'digest') t.equal(chosen.challenge.qop, 'auth', 'all of them offer qop');
  }
});
