import t from 'tap';
import { type ConfigSources, environmentName, loadConfig, printConfig } from '../../proxy/config/load.ts';
import { CausewayError } from '../../proxy/errors.ts';

const NOTHING: ConfigSources = { file: undefined, environment: {}, flags: [] };
const load = (sources: Partial<ConfigSources>): ReturnType<typeof loadConfig> => loadConfig({ ...NOTHING, ...sources });
const yaml = (text: string): Partial<ConfigSources> => ({ file: { name: 'causeway.yaml', text } });

/** What start-up says of wrong sources. */
function faultsOf(sources: Partial<ConfigSources>): readonly string[] {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'CAUSEWAY_CONFIG_INVALID') return error.message.split('\n');
    throw error;
  }
  return [];
}

t.test('an unknown name is an error that names the nearest one, wherever it stands', async (t) => {
  t.same(faultsOf(yaml('park:\n  hodl: 3s')), ['file causeway.yaml: park.hodl is no setting; did you mean park.hold?']);
  t.same(faultsOf({ environment: { CAUSEWAY_CWMP_LISTN: '127.0.0.1:1' } }), [
    'environment: CAUSEWAY_CWMP_LISTN is no setting; did you mean CAUSEWAY_CWMP_LISTEN?',
  ]);
  t.same(faultsOf({ flags: [['log.levle', 'info']] }), [
    'flag --log.levle: log.levle is no setting; did you mean log.level?',
  ]);
  t.same(faultsOf({ flags: [['something.else.entirely', '']] }), [
    'flag --something.else.entirely: something.else.entirely is no setting',
  ]);
});

t.test('every fault is told at once', async (t) => {
  t.equal(faultsOf({ ...yaml('park:\n  hold: soon'), flags: [['park.cap', '0']] }).length, 2);
});

t.test('later sources win: file, environment, flag; and each value tells where it came from', async (t) => {
  const file = yaml('park:\n  hold: 1s\n  idle: 1s\n  max: 1s');
  const environment = { CAUSEWAY_PARK_IDLE: '2s', CAUSEWAY_PARK_MAX: '2s' };
  const loaded = load({ ...file, environment, flags: [['park.max', '3s']] });
  t.match(loaded.config, { 'park.hold': 1000, 'park.idle': 2000, 'park.max': 3000 });
  t.match(loaded.origins, {
    'park.hold': 'file causeway.yaml',
    'park.idle': 'environment CAUSEWAY_PARK_IDLE',
    'park.max': 'flag --park.max',
    'park.poll': 'default',
  });
  t.match(printConfig(loaded), /^park\.max +3s +flag --park\.max$/m);
});

t.test('the names of variables follow from those of settings', async (t) => {
  t.equal(environmentName('cwmp.listen'), 'CAUSEWAY_CWMP_LISTEN');
  t.equal(environmentName('tree.maxAge'), 'CAUSEWAY_TREE_MAXAGE');
});

t.test('variables of the command line and of Kubernetes Services are not taken for settings', async (t) => {
  const environment = {
    CAUSEWAY_TOKEN: 'x',
    CAUSEWAY_GATEWAY: 'http://127.0.0.1:8080',
    CAUSEWAY_CONTROLLER: 'proto::me',
    CAUSEWAY_SERVICE_HOST: '10.0.0.1',
    CAUSEWAY_SERVICE_PORT: '7547',
    CAUSEWAY_SERVICE_PORT_CWMP: '7547',
    CAUSEWAY_PORT: 'tcp://10.0.0.1:7547',
    CAUSEWAY_PORT_7547_TCP_ADDR: '10.0.0.1',
    CAUSEWAY_CWMP_PORT_7547_TCP: 'tcp://10.0.0.1:7547',
  };
  t.same(faultsOf({ environment }), []);
});

t.test('a file that is no map, is no YAML, or has an empty section', async (t) => {
  t.same(faultsOf(yaml('- a list')), ['causeway.yaml wants a map of settings']);
  t.match(faultsOf(yaml('a: [')), [/^causeway\.yaml: /]);
  t.same(faultsOf(yaml('park:\n  # hold: 3s\n')), []);
  t.same(faultsOf(yaml('')), []);
});

t.test('secrets are never shown', async (t) => {
  const secrets = { 'http.token': 'tok-1', 'cwmp.password': 'pass-2', 'connectionRequest.password': 'pass-3' };
  const flags = Object.entries({ ...secrets, 'redis.url': 'redis://user:pass-4@127.0.0.1:6379/1' });
  const shown = printConfig(load({ flags }));
  for (const secret of [...Object.values(secrets), 'pass-4']) t.notMatch(shown, secret);
  t.match(shown, '[secret]');
  t.match(shown, 'redis://[secret]@127.0.0.1:6379/1');
});
