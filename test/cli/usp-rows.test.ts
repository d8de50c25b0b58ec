import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { causeway, knownCpe } from './run-causeway.ts';

interface Instances {
  readonly req_path_results: readonly {
    readonly curr_insts: readonly {
      readonly instantiated_obj_path: string;
      readonly unique_keys: Readonly<Record<string, string>>;
    }[];
  }[];
}

t.test('add, instances, delete', async (t) => {
  const harness = await startHarness(t);
  const cpe = await knownCpe(harness);
  const usp = (...args: readonly string[]) => causeway(harness, 'usp', ...args);
  const rowsOf = async (...args: readonly string[]) => {
    const { json } = await usp('instances', 'T0001', ...args, '--json');
    return (json as Instances).req_path_results.flatMap(({ curr_insts }) => curr_insts);
  };

  await t.test('a port mapping is made with its values', async (t) => {
    const { code, out, err } = await usp(
      ...['add', 'T0001', 'Device.NAT.PortMapping.', 'Enable=true', 'ExternalPort=8081', 'Protocol=UDP'],
      'InternalClient=192.168.1.20',
    );
    t.same({ code, err }, { code: 0, err: '' });
    t.match(out, /^Device\.NAT\.PortMapping\.2\. {2}Alias=\S+ .*ExternalPort=8081/);
    t.equal(cpe.get('Device.NAT.PortMapping.2.ExternalPort'), '8081');
    t.equal(cpe.get('Device.NAT.PortMapping.2.InternalClient'), '192.168.1.20');
  });

  await t.test('a value that is refused leaves no row; with --partial the row stays', async (t) => {
    const refused = await usp('add', 'T0001', 'Device.NAT.PortMapping.', 'ExternalPort=8082', 'Bogus=1');
    t.equal(refused.code, 1);
    t.match(refused.err, /Bogus: 7010 unsupported parameter/);
    t.equal(cpe.get('Device.NAT.PortMappingNumberOfEntries'), '2');
    const partial = await usp('add', 'T0001', 'Device.NAT.PortMapping.', 'ExternalPort=8082', 'Bogus=1', '--partial');
    t.equal(partial.code, 1);
    t.match(partial.err, /Device\.NAT\.PortMapping\.3\.Bogus: 7010/);
    t.match(partial.out, /^Device\.NAT\.PortMapping\.3\./);
    t.equal(cpe.get('Device.NAT.PortMapping.3.ExternalPort'), '8082');
  });

  await t.test('instances are the rows of the CPE, with their keys', async (t) => {
    const rows = await rowsOf('Device.NAT.PortMapping.', 'Device.IP.Interface.');
    t.same(
      rows.map(({ instantiated_obj_path }) => instantiated_obj_path),
      [
        'Device.NAT.PortMapping.1.',
        'Device.NAT.PortMapping.2.',
        'Device.NAT.PortMapping.3.',
        'Device.IP.Interface.1.',
        'Device.IP.Interface.1.IPv4Address.1.',
        'Device.IP.Interface.2.',
        'Device.IP.Interface.2.IPv4Address.1.',
      ],
    );
    for (const { instantiated_obj_path, unique_keys } of rows) {
      t.ok(Object.keys(unique_keys).length > 0);
      for (const [name, value] of Object.entries(unique_keys)) t.equal(value, cpe.get(instantiated_obj_path + name));
    }
    const first = await rowsOf('Device.IP.Interface.', '--first-level');
    t.equal(first.length, 2);
  });

  await t.test('rows go by search, and what is not there is said', async (t) => {
    const { code, out, err } = await usp(
      ...['delete', 'T0001', 'Device.NAT.PortMapping.[ExternalPort>8080].', 'Device.NAT.PortMapping.77.'],
    );
    t.equal(code, 0);
    t.equal(out, 'Device.NAT.PortMapping.2.\nDevice.NAT.PortMapping.3.\n');
    t.equal(err, 'Device.NAT.PortMapping.77.: nothing there to delete\n');
    t.equal(cpe.get('Device.NAT.PortMappingNumberOfEntries'), '1');
    t.equal(cpe.get('Device.NAT.PortMapping.1.ExternalPort'), '8080');
  });

  await t.test('rows that cannot be made or deleted', async (t) => {
    const added = await usp('add', 'T0001', 'Device.Hosts.Host.');
    t.equal(added.code, 1);
    t.match(added.err, /Device\.Hosts\.Host\.: 7019 non creatable object/);
    const deleted = await usp('delete', 'T0001', 'Device.Hosts.Host.1.');
    t.equal(deleted.code, 1);
    t.match(deleted.err, /Device\.Hosts\.Host\.1\.: 7024 delete failure/);
  });
  t.same(cpe.complaints, []);
});
