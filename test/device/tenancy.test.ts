// Whose a device is thought to be: without a look into the store where that can be, and never wrongly for good.
import t from 'tap';
import { Tenancy } from '../../proxy/device/tenancy.ts';

const DEVICE = '02C0DE-Router-1';

function tenancyOf(tenants: readonly string[], home?: string): { readonly tenancy: Tenancy; looks: number } {
  const counted = {
    looks: 0,
    tenancy: new Tenancy(
      { tenants, fallback: tenants[0] ?? '' },
      {
        tenantOf: async () => {
          counted.looks += 1;
          return home;
        },
      },
    ),
  };
  return counted;
}

t.test('of one tenant', async (t) => {
  const counted = tenancyOf(['default'], 'acme');
  const { tenancy } = counted;
  t.notOk(tenancy.several);
  t.equal(tenancy.guess(DEVICE, undefined), 'default');
  t.equal(await tenancy.of(DEVICE, undefined), 'default');
  t.equal(counted.looks, 0, 'nothing is looked up');
  t.ok(tenancyOf(['acme']).tenancy.several, 'another name than the first: devices may be there from before');
});

t.test('of several', async (t) => {
  const counted = tenancyOf(['acme', 'beta'], 'beta');
  const { tenancy } = counted;
  t.equal(tenancy.guess(DEVICE, undefined), 'acme');
  t.equal(tenancy.guess(DEVICE, 'gamma'), 'gamma', 'the listener says so');
  t.equal(await tenancy.of(DEVICE, 'acme'), 'beta', 'the store knows better');
  t.equal(await tenancy.of(DEVICE, 'acme'), 'beta');
  t.equal(counted.looks, 1, 'which is asked once');
  t.equal(tenancy.guess(DEVICE, undefined), 'beta');
  t.equal(tenancy.guess(DEVICE, 'acme'), 'acme', 'a listener takes its own only: the store is to refuse');
});

t.test('of a device that nobody knows', async (t) => {
  const counted = tenancyOf(['acme', 'beta']);
  t.equal(await counted.tenancy.of(DEVICE, undefined), 'acme');
  t.equal(await counted.tenancy.of(DEVICE, 'beta'), 'beta');
  t.equal(counted.looks, 2, 'it may come at any moment: nothing is remembered');
});
