// Show 2 of TR-098 devices as Device:2: what is shown can be set and leaves the device as it was, and what the standard
// allows comes back as it was set, made of values that the device may have. What a device cannot be told is refused, and
// counted here.
import t, { type Test } from 'tap';
import { setWhatIsAllowed, setWhatIsThere, type Trip } from '../../proxy/mapping/dump/round-trip.ts';
import { BOOK, seen, TR098_DUMPS } from './dumps-at-hand.ts';

const RAW = 'Device.X_CAUSEWAY_IGD.';

function judge(t: Test, name: string, trips: readonly Trip[]): void {
  const wrong = trips.flatMap(({ path, value, outcome }) =>
    outcome.kind === 'wrong' ? [`${path} = "${value}": ${outcome.why}`] : [],
  );
  const refused = trips.flatMap(({ path, value, outcome }) =>
    outcome.kind === 'refused' ? [`${path} = "${value}": ${outcome.code} ${outcome.why}`] : [],
  );
  t.comment(`${name}: ${trips.length} values, ${refused.length} refused, ${wrong.length} wrong`);
  for (const line of refused) t.comment(`refused: ${line}`);
  t.same(wrong, []);
  t.ok(trips.length > 4 * refused.length, 'most are taken');
  const codes = trips.flatMap(({ outcome }) => (outcome.kind === 'refused' ? [outcome.code] : []));
  t.ok(
    codes.every((code) => code === 7011 || code === 7012),
    'what is refused is refused for its value',
  );
}

for (const { name, dump } of TR098_DUMPS) {
  t.test(`${name}: what is there is set`, async (t) => {
    const subject = { ...(await seen(dump)), own: BOOK.own, standard: BOOK.standard };
    const trips = [...setWhatIsThere(subject)];
    judge(t, name, trips);
    const refused = trips.filter(({ path, outcome }) => outcome.kind === 'refused' && !path.startsWith(RAW));
    t.same(
      refused.filter(({ path, value }) => subject.view.allows(path, value)),
      [],
      'only what the device should not have is refused',
    );
  });

  t.test(`${name}: every value of an enumeration, and every bound`, async (t) => {
    const subject = { ...(await seen(dump)), own: BOOK.own, standard: BOOK.standard };
    judge(t, name, [...setWhatIsAllowed(subject)]);
  });
}
