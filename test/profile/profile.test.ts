import t from 'tap';
import { loadProfiles } from '../../proxy/main/profiles.ts';
import {
  compareVersions,
  createProfileChoice,
  parseProfiles,
  type ProfileSubject,
} from '../../proxy/profile/profile.ts';

const subject = (change: Partial<ProfileSubject> = {}): ProfileSubject => ({
  OUI: '02C0DE',
  Manufacturer: 'Example',
  ProductClass: 'Router',
  SoftwareVersion: '2.1',
  ...change,
});
const fault = (text: string): string => {
  try {
    parseProfiles('own.yaml', text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

t.test('the profiles that ship are read, and hold CPEs when somebody is attached', async (t) => {
  t.match(createProfileChoice(loadProfiles(''))(subject()), { park: 'attached', emptySerial: 'refuse' });
});

t.test('the more specific profile wins key by key, then the later one', async (t) => {
  const choose = createProfileChoice(
    parseProfiles(
      'own.yaml',
      `profiles:
  - { name: router, match: { OUI: 02c0de, ProductClass: Router }, behaviour: { park: always } }
  - { name: all, match: {}, behaviour: { park: never, readBatch: 10 } }
  - { name: later, match: { OUI: 02C0DE, ProductClass: Router }, behaviour: { emptySerial: username } }`,
    ),
  );
  const unsaid = { discovery: 'whole', nonceCounts: 'ignore', booleans: 'digits' };
  t.same(choose(subject()), { ...unsaid, park: 'always', emptySerial: 'username', readBatch: 10 });
  t.same(choose(subject({ ProductClass: 'Other' })), {
    ...unsaid,
    park: 'never',
    emptySerial: 'refuse',
    readBatch: 10,
  });
});

t.test('software versions: exactly, or a range compared number by number', async (t) => {
  const choose = createProfileChoice(
    parseProfiles(
      'own.yaml',
      `profiles:
  - { name: range, match: { SoftwareVersion: { from: '1.9', to: '2.10' } }, behaviour: { park: never } }
  - { name: one, match: { SoftwareVersion: '3.0' }, behaviour: { park: always } }`,
    ),
  );
  for (const [version, park] of [
    ['1.9', 'never'],
    ['1.10', 'never'],
    ['2.10', 'never'],
    ['2.11', 'attached'],
    ['1.8', 'attached'],
    ['3.0', 'always'],
    ['3.0.1', 'attached'],
  ] as const) {
    t.equal(choose(subject({ SoftwareVersion: version })).park, park, version);
  }
  t.ok(compareVersions('V1.2b3', 'V1.2b10') < 0);
});

t.test('a profile that says something unknown is refused with file and key', async (t) => {
  const of = (profile: string): string => fault(`profiles:\n  - ${profile}`);
  t.match(of('{ name: a, match: { Oui: X } }'), 'own.yaml: profiles[0].match.Oui wants one of OUI');
  t.match(of('{ name: a, behaviour: { park: sometimes } }'), 'profiles[0].behaviour.park wants one of never');
  t.match(of('{ name: a, behaviour: { readBatch: 0 } }'), 'readBatch wants a number 1 to 4096');
  t.match(of('{ name: a, behaviour: { discovery: all } }'), 'discovery wants one of whole, walk');
  t.match(of('{ name: a, behavior: { park: never } }'), 'profiles[0].behavior wants one of name, match, behaviour');
  t.match(of('{ name: a, match: { OUI: 001122 } }'), 'profiles[0].match.OUI wants a text');
  t.match(of('{ match: {} }'), 'wants a name');
  t.match(fault('something: else'), 'wants a list named profiles');
  t.match(fault('profiles: ['), 'wants to be YAML');
});
