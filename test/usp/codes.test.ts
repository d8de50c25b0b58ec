// The error codes and the two rules about them.
import t from 'tap';
import { codes, codeText, isAppropriate, outerCode } from '../../proxy/usp/codes.ts';

t.test('the codes are 7000 to 7037 and 7100 to 7106, each once', async (t) => {
  const expected = [
    ...Array.from({ length: 38 }, (_, i) => 7000 + i),
    ...Array.from({ length: 7 }, (_, i) => 7100 + i),
  ];
  t.same(
    Object.values(codes).sort((a, b) => a - b),
    expected,
  );
});

t.test('words for codes', async (t) => {
  t.equal(codeText(7018), 'object is not table');
  t.equal(codeText(7223), 'error defined by the data model');
  t.equal(codeText(7800), 'error defined by the vendor');
  t.equal(codeText(1), 'unknown error');
});

t.test('an Error says 7004 for what is wrong with the request, and else what was wrong', async (t) => {
  for (const inner of [
    7004, 7008, 7010, 7011, 7012, 7013, 7014, 7016, 7017, 7018, 7019, 7020, 7021, 7024, 7025, 7026,
  ]) {
    t.equal(outerCode(inner), 7004, String(inner));
  }
  for (const inner of [7000, 7001, 7002, 7003, 7005, 7006, 7007, 7009, 7015, 7022, 7027, 7800]) {
    t.equal(outerCode(inner), inner);
  }
});

t.test('codes that suit a message', async (t) => {
  for (const kind of ['get', 'add', 'set', 'delete', 'operate', 'notify', 'register'] as const) {
    for (const code of [7000, 7003, 7006, 7200, 7999]) t.ok(isAppropriate(code, kind), `${code} ${kind}`);
    t.notOk(isAppropriate(7100, kind));
  }
  t.ok(isAppropriate(7026, 'get'));
  t.notOk(isAppropriate(7012, 'get'));
  t.ok(isAppropriate(7012, 'set'));
  t.ok(isAppropriate(7018, 'get_instances'));
  t.notOk(isAppropriate(7018, 'get'));
  t.ok(isAppropriate(7019, 'add'));
  t.notOk(isAppropriate(7017, 'set'));
  t.ok(isAppropriate(7027, 'operate'));
  t.notOk(isAppropriate(7025, 'delete'));
});
