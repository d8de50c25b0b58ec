// Add, case by case (facts: usp-agent-requirements §5.5): rows are made, filled in one write, and undone when that fails.
import t from 'tap';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, addPartly, create } from './requests.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';
const ADDRESSES = 'Device.IP.Interface.*.IPv4Address.';
const rows = (agent: AgentAtHand, table = MAPPINGS): readonly number[] => {
  const numbers = [1, 2, 3, 4, 5];
  return numbers.filter((number) => agent.cpe.device.model.peek(`${table}${number}.Enable`) !== undefined);
};
const known = async (): Promise<AgentAtHand> => {
  const agent = new AgentAtHand();
  await agent.model();
  return agent;
};
const codesOf = (answer: UspBody): readonly number[] =>
  answer.kind === 'error'
    ? answer.param_errs.map(({ err_code }) => err_code)
    : answer.kind === 'add_resp'
      ? answer.created_obj_results.map(({ oper_status }) =>
          oper_status.kind === 'oper_failure' ? oper_status.err_code : 0,
        )
      : [];

t.test('a row with its values: one AddObject, one SetParameterValues, and its keys', async (t) => {
  const agent = await known();
  const values = { 'Description!': 'ssh', Enable: 'true', ExternalPort: '22', Alias: 'ssh' };
  t.match(await agent.ask(add(create(MAPPINGS, values))), {
    kind: 'add_resp',
    created_obj_results: [
      {
        requested_path: MAPPINGS,
        oper_status: {
          kind: 'oper_success',
          instantiated_path: `${MAPPINGS}2.`,
          param_errs: [],
          unique_keys: new Map([
            ['Alias', 'ssh'],
            ['RemoteHost', ''],
            ['ExternalPort', '22'],
            ['Protocol', 'TCP'],
          ]),
        },
      },
    ],
  });
  t.equal(agent.cpe.device.model.peek(`${MAPPINGS}2.Description`), 'ssh');
  const count = (method: string): number => agent.cpe.called.filter((called) => called === method).length;
  t.same([count('AddObject'), count('SetParameterValues'), count('DeleteObject')], [1, 1, 0]);
});

t.test('many rows of one message are filled in one write', async (t) => {
  const agent = await known();
  const ports = ['1', '2', '3'].map((ExternalPort) => create(MAPPINGS, { ExternalPort, Enable: 'true' }));
  t.same(codesOf(await agent.ask(add(...ports))), [0, 0, 0]);
  t.same(rows(agent), [1, 2, 3, 4]);
  t.equal(agent.cpe.called.filter((method) => method === 'SetParameterValues').length, 1);
});

t.test('paths that cannot be added to', async (t) => {
  const agent = await known();
  const cases = [
    ['Device.Bogus.', 7026],
    ['Device.Time.', 7018],
    ['Device.Hosts.Host.', 7019],
    [`${MAPPINGS}1.`, 7017],
    ['Device.IP.Interface.9.IPv4Address.', 7016],
    ['Device.LocalAgent.MTP.', 7019],
    ['Device.[', 7008],
    ['Device.Boot!', 7018],
  ] as const;
  for (const [path, code] of cases) {
    const whole = await agent.ask(add(create(path)));
    t.match(whole, { kind: 'error', err_code: 7004, param_errs: [{ param_path: path, err_code: code }] }, path);
    const partly = await agent.ask(addPartly(create(path), create(MAPPINGS)));
    t.same(codesOf(partly), [code, 0], path);
  }
});

t.test('a path with a wildcard adds to every table that it finds', async (t) => {
  const agent = await known();
  const answer = await agent.expect('add_resp', add(create(ADDRESSES, { Enable: '0' })));
  t.match(answer.created_obj_results, [
    { requested_path: ADDRESSES, oper_status: { instantiated_path: 'Device.IP.Interface.1.IPv4Address.2.' } },
    { requested_path: ADDRESSES, oper_status: { instantiated_path: 'Device.IP.Interface.2.IPv4Address.2.' } },
  ]);
  const nowhere = add(create('Device.IP.Interface.[Name=="none"].IPv4Address.'));
  t.same(await agent.ask(nowhere), { kind: 'add_resp', created_obj_results: [] });
});

t.test('a required value that cannot be: nothing is made', async (t) => {
  const cases = [
    ['Bogus', '1', 7010],
    ['Enable', 'perhaps', 7011],
    ['ExternalPort', '-1', 7012],
    ['Status', 'Enabled', 7013],
  ] as const;
  for (const [name, value, code] of cases) {
    const agent = await known();
    const bad = create(MAPPINGS, { [`${name}!`]: value, Description: 'x' });
    t.match(await agent.ask(add(bad, create(MAPPINGS))), {
      kind: 'error',
      err_code: 7004,
      param_errs: [{ param_path: MAPPINGS + name, err_code: code }],
    });
    t.notOk(agent.cpe.called.includes('AddObject'));
    const partly = await agent.ask(addPartly(bad, create(MAPPINGS)));
    t.same(codesOf(partly), [code, 0]);
    // An oper_failure of Add has no param_errs: its text names the parameter.
    t.match(partly, { created_obj_results: [{ oper_status: { err_msg: new RegExp(`^${name}: `) } }] });
  }
});

t.test('an optional value that cannot be is told, and the row is there (R-ADD.4)', async (t) => {
  for (const request of [add, addPartly]) {
    const agent = await known();
    const answer = await agent.ask(request(create(MAPPINGS, { Bogus: '1', Status: 'Up', 'Description!': 'x' })));
    t.match(answer, {
      created_obj_results: [
        {
          oper_status: {
            kind: 'oper_success',
            param_errs: [
              { param: 'Bogus', err_code: 7010 },
              { param: 'Status', err_code: 7013 },
            ],
          },
        },
      ],
    });
    t.equal(agent.cpe.device.model.peek(`${MAPPINGS}2.Description`), 'x');
  }
});

t.test('a required value that the CPE refuses: what was made is deleted again', async (t) => {
  const tooLong = create(MAPPINGS, { 'Description!': 'x'.repeat(300) });
  const good = create(MAPPINGS, { 'Description!': 'good' });
  const whole = await known();
  t.match(await whole.ask(add(good, tooLong)), {
    kind: 'error',
    err_code: 7004,
    param_errs: [{ param_path: `${MAPPINGS}Description`, err_code: 7012 }],
  });
  t.same(rows(whole), [1]);
  const partly = await known();
  t.same(codesOf(await partly.ask(addPartly(tooLong, good))), [7012, 0]);
  t.same(rows(partly), [1, 3], 'numbers are consumed by what failed');
});

t.test('an optional value that the CPE refuses is left out', async (t) => {
  const agent = await known();
  const answer = await agent.ask(add(create(MAPPINGS, { 'Enable!': '1', Description: 'x'.repeat(300) })));
  t.match(answer, {
    created_obj_results: [{ oper_status: { param_errs: [{ param: 'Description', err_code: 7012 }] } }],
  });
  t.equal(agent.cpe.device.model.peek(`${MAPPINGS}2.Enable`), 'true');
});

t.test('AddObject that faults', async (t) => {
  const faults = { 9000: 7019, 9001: 7002, 9002: 7003, 9003: 7017, 9004: 7005, 9005: 7019, 9801: 7017 };
  for (const [fault, code] of Object.entries(faults)) {
    const agent = await known();
    agent.cpe.rules.add({
      method: 'AddObject',
      when: (path) => path === ADDRESSES.replace('*', '2'),
      answer: Number(fault),
    });
    const both = [create(MAPPINGS), create(ADDRESSES)];
    t.same(codesOf(await agent.ask(add(...both))), [code], fault);
    t.same(rows(agent), [1], 'the rows before it are undone');
    t.same(codesOf(await agent.ask(addPartly(...both))), [0, 0, code], fault);
  }
});

t.test('a row that cannot be undone is named', async (t) => {
  const agent = await known();
  agent.cpe.rules.add({ method: 'DeleteObject', answer: 9002 });
  const bad = create(MAPPINGS, { 'Description!': 'x'.repeat(300) });
  t.match(await agent.ask(add(bad)), { kind: 'error', err_code: 7003, err_msg: /PortMapping\.2\./ });
  t.match(await agent.ask(addPartly(bad)), {
    created_obj_results: [{ oper_status: { kind: 'oper_failure', err_code: 7003, err_msg: /PortMapping\.3\./ } }],
  });
});
