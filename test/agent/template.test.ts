// The template of a tenant: changes are checked as a Controller's are, all or none, and no number is used twice.
import t from 'tap';
import { FIRST_DEVICE_ROW, NO_ROWS, parseRows, type Rows } from '../../proxy/agent/local-agent/rows.ts';
import { replaceTemplate, templateObjects } from '../../proxy/agent/template/document.ts';
import { type Edited, editTemplate, LAST_TEMPLATE_ROW, type TemplateChange } from '../../proxy/agent/template/edit.ts';
import { codes } from '../../proxy/usp/codes.ts';

const CONTROLLERS = 'Device.LocalAgent.Controller.';
const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const webSocket = { port: 8080, encrypted: false, keepAliveSeconds: 30 };
const context = {
  tenant: 'acme',
  settings: { softwareVersion: '0', subscriptionCap: 100, webSocket },
  now: Date.parse('2026-01-02T03:04:05Z'),
};

const edit = (rows: Rows, ...changes: readonly TemplateChange[]): Edited => editTemplate(rows, changes, context);
const edited = (outcome: Edited): Rows => {
  if (outcome.ok) return outcome.rows;
  throw new Error(`${outcome.path}: ${outcome.why}`);
};
const NMS: TemplateChange = { kind: 'add', path: CONTROLLERS, values: { EndpointID: 'proto::nms', Enable: 'true' } };
const BOOT: TemplateChange = {
  kind: 'add',
  path: SUBSCRIPTIONS,
  values: { Recipient: 'proto::nms', ID: 'boot', NotifType: 'Event', ReferenceList: 'Device.Boot!', Enable: '1' },
};
const both = edited(edit(NO_ROWS, NMS, BOOT));

t.test('a Controller and a Subscription of it', async (t) => {
  t.match(edit(NO_ROWS, NMS, BOOT), { created: [`${CONTROLLERS}1.`, `${SUBSCRIPTIONS}1.`] });
  t.match(templateObjects(both), {
    [`${CONTROLLERS}1.`]: { EndpointID: 'proto::nms', Enable: 'true', Alias: 'cpe-1', PeriodicNotifInterval: '86400' },
    [`${SUBSCRIPTIONS}1.`]: {
      Recipient: 'Device.LocalAgent.Controller.1',
      ID: 'boot',
      Enable: 'true',
      CreationDate: '2026-01-02T03:04:05Z',
    },
  });
  t.match(edited(edit(both, { kind: 'set', path: `${SUBSCRIPTIONS}1.`, values: { Enable: 'false' } })).tables, {
    [SUBSCRIPTIONS]: { 1: { Enable: 'false', ID: 'boot' } },
  });
  const nested = edit(both, { kind: 'add', path: `${CONTROLLERS}1.MTP.`, values: { 'WebSocket.Host': 'nms.example' } });
  t.match(nested, { created: [`${CONTROLLERS}1.MTP.1.`] });
  const elsewhere = { kind: 'set', path: `${CONTROLLERS}1.MTP.1.`, values: { 'WebSocket.Host': 'b.example' } } as const;
  t.match(templateObjects(edited(edit(edited(nested), elsewhere))), {
    [`${CONTROLLERS}1.MTP.1.WebSocket.`]: { Host: 'b.example' },
  });
});

t.test('what is wrong is told as a Controller would be told, and nothing is changed', async (t) => {
  const bad = (change: TemplateChange, path: string, code: number): void => {
    t.match(edit(both, change), { ok: false, path, code }, `${change.kind} ${path}`);
  };
  const subscription = (values: Record<string, string>): TemplateChange => ({
    ...BOOT,
    values: { ...BOOT.values, ID: 'other', ...values },
  });
  bad(subscription({ NotifType: 'Rumour' }), `${SUBSCRIPTIONS}2.NotifType`, codes.invalidValue);
  bad(subscription({ ReferenceList: '' }), `${SUBSCRIPTIONS}2.Enable`, codes.invalidValue);
  bad(subscription({ Enable: 'perhaps' }), `${SUBSCRIPTIONS}2.Enable`, codes.invalidType);
  bad(subscription({ Nonsense: '1' }), `${SUBSCRIPTIONS}2.Nonsense`, codes.unsupportedParameter);
  bad(
    subscription({ CreationDate: '2026-01-01T00:00:00Z' }),
    `${SUBSCRIPTIONS}2.CreationDate`,
    codes.nonWriteableParameter,
  );
  bad(subscription({ Recipient: 'proto::stranger' }), `${SUBSCRIPTIONS}2.Recipient`, codes.invalidValue);
  bad(subscription({ ID: 'boot' }), `${SUBSCRIPTIONS}2.ID`, codes.duplicateKey);
  bad(NMS, `${CONTROLLERS}2.EndpointID`, codes.duplicateKey);
  bad(
    { kind: 'add', path: 'Device.LocalAgent.MTP.', values: {} },
    'Device.LocalAgent.MTP.1.',
    codes.nonCreatableObject,
  );
  bad({ kind: 'add', path: `${CONTROLLERS}7.MTP.`, values: {} }, `${CONTROLLERS}7.MTP.`, codes.objectDoesNotExist);
  bad({ kind: 'add', path: 'Device.WiFi.SSID.', values: {} }, 'Device.WiFi.SSID.', codes.invalidPathSyntax);
  bad({ kind: 'set', path: `${CONTROLLERS}*.`, values: {} }, `${CONTROLLERS}*.`, codes.objectDoesNotExist);
  bad(
    { kind: 'set', path: `${CONTROLLERS}1.`, values: { EndpointID: 'proto::x' } },
    `${CONTROLLERS}1.EndpointID`,
    codes.nonWriteableParameter,
  );
  bad({ kind: 'delete', path: `${CONTROLLERS}9.` }, `${CONTROLLERS}9.`, codes.objectDoesNotExist);
  bad({ kind: 'delete', path: CONTROLLERS }, CONTROLLERS, codes.objectDoesNotExist);
  t.match(edit(both, { kind: 'delete', path: `${CONTROLLERS}1.` }, NMS, NMS), { ok: false }, 'all or none');
});

t.test('numbers are given once, and end before those of devices', async (t) => {
  const without = edited(edit(both, { kind: 'delete', path: `${CONTROLLERS}1.` }));
  t.same(templateObjects(without), {}, 'its Subscription went with it');
  t.match(edit(without, NMS), { created: [`${CONTROLLERS}2.`] });
  t.match(edit(without, { ...NMS, number: 1 }), { ok: false, code: codes.objectNotCreated });
  const last = edited(edit(without, { ...NMS, number: LAST_TEMPLATE_ROW }));
  t.match(edit(last, { ...NMS, values: { EndpointID: 'proto::b' } }), { ok: false, code: codes.resourcesExceeded });
  t.equal(LAST_TEMPLATE_ROW + 1, FIRST_DEVICE_ROW);
});

t.test('a whole document', async (t) => {
  const document = templateObjects(both);
  const same = replaceTemplate(both, document, context);
  t.match(same, { ok: true, created: [] });
  t.same(edited(same), both, 'that which is shown changes nothing');
  t.same(
    templateObjects(edited(replaceTemplate(NO_ROWS, document, context))),
    document,
    'a copy elsewhere is the same',
  );
  t.same(templateObjects(edited(replaceTemplate(both, {}, context))), {});
  const renamed = { ...document, [`${SUBSCRIPTIONS}1.`]: { Recipient: 'proto::nms', NotifRetry: 'true' } };
  t.match(edited(replaceTemplate(both, renamed, context)).tables, {
    [SUBSCRIPTIONS]: { 1: { ID: 'boot', NotifRetry: 'true' } },
  });
  const other = { ...document, [`${SUBSCRIPTIONS}1.`]: { ID: 'another' } };
  t.match(replaceTemplate(both, other, context), { ok: false, path: `${SUBSCRIPTIONS}1.ID` });
  t.match(replaceTemplate(both, { 'Device.WiFi.': {} }, context), { ok: false, path: 'Device.WiFi.' });
  t.match(replaceTemplate(both, { [`${CONTROLLERS}1.`]: null }, context), { ok: true });
});

t.test('what an earlier version wrote is read', async (t) => {
  const stored =
    '{"v":1,"tables":{"Device.LocalAgent.Controller.":{"1":{"EndpointID":"proto::c"}}},"next":{"Device.LocalAgent.Controller.":2}}';
  t.same(templateObjects(parseRows(stored)), { [`${CONTROLLERS}1.`]: { EndpointID: 'proto::c' } });
});

t.test('a document that takes a role away says what its Controllers have instead', async (t) => {
  const roles = 'Device.LocalAgent.ControllerTrust.Role.';
  const role: TemplateChange = { kind: 'add', path: roles, values: { Name: 'noc', Enable: 'true' } };
  const given: TemplateChange = { kind: 'set', path: `${CONTROLLERS}1.`, values: { AssignedRole: `${roles}100` } };
  const rows = edited(edit(NO_ROWS, NMS, role, given));
  t.match(edit(rows, { kind: 'delete', path: `${roles}100.` }), { ok: false, code: codes.invalidConfiguration });
  const { [`${roles}100.`]: _gone, [`${CONTROLLERS}1.`]: nms = {}, ...others } = templateObjects(rows);
  const objects = { ...others, [`${CONTROLLERS}1.`]: { ...nms, AssignedRole: `${roles}2` } };
  t.same(templateObjects(edited(replaceTemplate(rows, objects, context))), objects);
});
