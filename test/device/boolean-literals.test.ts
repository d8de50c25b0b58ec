// Booleans are written as the CPE takes them, whatever who asks says (quirk 30).
import t, { type Test } from 'tap';
import { settingOf } from './changes.ts';
import { answerNothing, done, openRoom, type RoomOptions } from './room-at-hand.ts';

const NAME = 'Device.Time.Enable';

/** What the CPE gets where somebody sets this. */
async function sent(t: Test, value: string, type: string, behaviour: RoomOptions['behaviour']): Promise<unknown> {
  const at = await openRoom(t, { behaviour: { park: 'never', ...behaviour } });
  at.runs(async (_entry, access) => {
    await access.change(settingOf(NAME, value, type));
    return done();
  });
  await at.introduce();
  await at.submit();
  const { rpcs, over } = await at.session((method, request) =>
    method === 'SetParameterValues' ? { kind: 'response', value: { Status: 0 } } : answerNothing(method, request),
  );
  await over;
  const set = rpcs.find(({ method }) => method === 'SetParameterValues');
  return (set?.request as { readonly ParameterList: readonly { readonly Value: string }[] }).ParameterList[0]?.Value;
}

t.test('digits, unless told', async (t) => {
  t.equal(await sent(t, 'true', 'boolean', {}), '1');
  t.equal(await sent(t, 'false', 'boolean', {}), '0');
  t.equal(await sent(t, '1', 'boolean', {}), '1');
  t.equal(await sent(t, 'true', 'string', {}), 'true', 'no boolean');
});

t.test('words', async (t) => {
  t.equal(await sent(t, '1', 'boolean', { booleans: 'words' }), 'true');
  t.equal(await sent(t, '0', 'boolean', { booleans: 'words' }), 'false');
  t.equal(await sent(t, 'false', 'boolean', { booleans: 'words' }), 'false');
  t.equal(await sent(t, '1', 'string', { booleans: 'words' }), '1', 'no boolean');
});
