// Which view a device has: by its root, its version of the standard, its model and what its CPE can do.
import t from 'tap';
import { EMPTY_CATALOGUE } from '../../proxy/device/instance-tree/catalogue.ts';
import { Views } from '../../proxy/mapping/views.ts';
import type { DeviceFacts } from '../../proxy/store/device-steps.ts';
import { recordOf } from '../agent/device-record.ts';

const withFacts = (facts: Partial<DeviceFacts>, methods: readonly string[] = []): ReturnType<typeof recordOf> =>
  recordOf({ facts: { ...recordOf().facts, ...facts }, methods });

t.test(
  'the version that the CPE says, the newest where it says none, the nearest to one that is not known',
  async (t) => {
    const views = new Views();
    const uriOf = (dataModel: string): string | undefined =>
      views.viewOf(withFacts({ dataModel }), EMPTY_CATALOGUE)?.dataModelUri;
    const uri = (minor: number): string => `urn:broadband-forum-org:tr-181-2-${minor}-0`;
    t.equal(uriOf('2.15'), uri(15));
    t.equal(uriOf(''), uri(19));
    t.equal(uriOf('1.8'), uri(19));
    t.equal(uriOf('2.2'), uri(12));
    t.equal(uriOf('2.99'), uri(19));
  },
);

t.test('a root that nothing translates has none', async (t) => {
  const views = new Views();
  t.equal(views.viewOf(withFacts({ root: 'InternetGatewayDevice:1.' }), EMPTY_CATALOGUE), undefined);
  t.equal(views.viewOf(withFacts({ root: '' }), EMPTY_CATALOGUE), undefined);
});

t.test('devices of one model share a view, whatever else they are', async (t) => {
  const views = new Views();
  const one = views.viewOf(withFacts({ sourceAddress: '192.0.2.1' }), EMPTY_CATALOGUE);
  t.equal(views.viewOf(withFacts({ sourceAddress: '192.0.2.2' }), EMPTY_CATALOGUE), one);
  t.not(views.viewOf(withFacts({}, ['FactoryReset']), EMPTY_CATALOGUE), one);
  t.not(views.viewOf(withFacts({ dataModel: '2.16' }), EMPTY_CATALOGUE), one);
  t.not(views.viewOf(withFacts({}), { ...EMPTY_CATALOGUE, hash: 'other' }), one);
  for (let index = 0; index < 100; index += 1) views.viewOf(withFacts({}), { ...EMPTY_CATALOGUE, hash: String(index) });
  t.not(views.viewOf(withFacts({ sourceAddress: '192.0.2.1' }), EMPTY_CATALOGUE), one, 'only so many are kept');
});
