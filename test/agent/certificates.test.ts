// Certificates of Device.LocalAgent.: rows made of what a Controller brings, and roles that they give.
import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { signerName } from '../../proxy/access/signer-name.ts';
import { NO_ROWS } from '../../proxy/agent/local-agent/rows.ts';
import { rightsOf } from '../../proxy/agent/permissions/rights.ts';
import { replaceTemplate, templateObjects } from '../../proxy/agent/template/document.ts';
import { editTemplate, type Edited } from '../../proxy/agent/template/edit.ts';
import type { OperationResult } from '../../proxy/usp/messages/operate.ts';
import { createAuthority, type Issued, missingOpenssl } from '../openssl.ts';
import { AgentAtHand, CONTROLLER, OTHER_CONTROLLER, SETTINGS } from './agent-at-hand.ts';
import { add, create, get, operate, remove, resultOf, set, update } from './requests.ts';

const skip = missingOpenssl();
const CERTIFICATES = 'Device.LocalAgent.Certificate.';
const CREDENTIALS = 'Device.LocalAgent.ControllerTrust.Credential.';
const ROLES = 'Device.LocalAgent.ControllerTrust.Role.';
const ME = 'Device.LocalAgent.Controller.1.';
const ROW = `${CERTIFICATES}10000.`;

/** Made where the program is there: without it nothing below is run. */
const none: Issued = { cert: '', key: '', certFile: '', keyFile: '' };
const made = skip === false ? createAuthority(t) : undefined;
const authority: Issued = made ?? none;
const own = made?.issue('/CN=controller', `URI:urn:bbf:usp:id:${CONTROLLER}`) ?? none;
const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256;

type Response = OperationResult['operation_resp'];
async function run(agent: AgentAtHand, command: string, args = {}, from = CONTROLLER): Promise<Response | undefined> {
  const answer = await agent.ask(operate(command, args), from);
  return answer.kind === 'operate_resp' ? answer.operation_results[0]?.operation_resp : undefined;
}
const bring = (agent: AgentAtHand, pem: string, more = {}): Promise<Response | undefined> =>
  run(agent, 'Device.LocalAgent.AddCertificate()', { Certificate: pem, ...more });

t.test('a certificate becomes a row', { skip }, async (t) => {
  const agent = new AgentAtHand();
  t.match(await bring(agent, own.cert, { Alias: 'mine' }), { kind: 'req_output_args' });
  const read = new X509Certificate(own.cert);
  t.same(resultOf(await agent.expect('get_resp', get(CERTIFICATES)))[ROW], {
    Alias: 'mine',
    Enable: 'true',
    SerialNumber: read.serialNumber,
    Issuer: 'CN=Test CA',
  });
  t.equal(agent.local().read('Device.LocalAgent.CertificateNumberOfEntries'), '1');
  for (const [FingerprintAlgorithm, wanted] of [
    ['SHA-1', read.fingerprint],
    ['SHA-256', read.fingerprint256],
    ['SHA-512', read.fingerprint512],
  ] as const) {
    const answer = await run(agent, `${ROW}GetFingerprint()`, { FingerprintAlgorithm });
    const found = answer?.kind === 'req_output_args' ? answer.output_args.get('Fingerprint') : undefined;
    t.equal(found, wanted.replaceAll(':', ''), FingerprintAlgorithm);
  }
  t.match(await run(agent, `${ROW}GetFingerprint()`, { FingerprintAlgorithm: 'MD5' }), { err_code: 7027 });
  t.match(await run(agent, `${ROW}GetFingerprint()`), { err_code: 7027 }, 'the algorithm is mandatory');
  t.match(await run(agent, `${ROW}Delete()`), { kind: 'req_output_args' });
  t.same(agent.local().rowsOf(CERTIFICATES), []);
  t.match(await run(agent, `${ROW}Delete()`), { err_code: 7016 });
  t.same(agent.cpe.called, [], 'no CPE is asked');
});

t.test('what is no certificate, or is there already, is refused and leaves nothing', { skip }, async (t) => {
  const agent = new AgentAtHand();
  await bring(agent, own.cert, { Alias: 'mine' });
  const refused: readonly (readonly [string, string, object, number])[] = [
    ['nothing', '', {}, 7027],
    ['no PEM', 'certificate', {}, 7027],
    ['damaged', own.cert.replace(/\n[A-Za-z0-9+/]{20}/, '\n'), {}, 7027],
    ['a key', own.key, {}, 7027],
    ['two', own.cert + authority.cert, {}, 7027],
    ['too long', own.cert + ' '.repeat(70_000), {}, 7027],
    ['a bad Alias', authority.cert, { Alias: '1st' }, 7027],
    ['an Alias that is taken', authority.cert, { Alias: 'mine' }, 7022],
    ['the same again', own.cert, { Alias: 'other' }, 7022],
  ];
  for (const [name, pem, more, err_code] of refused) {
    t.match(await bring(agent, pem, more), { kind: 'cmd_failure', err_code }, name);
  }
  t.same(agent.local().rowsOf(CERTIFICATES), [10_000]);
  t.match(await agent.ask(add(create(CERTIFICATES, {}))), { kind: 'error', param_errs: [{ err_code: 7019 }] });
  t.match(await agent.ask(remove(ROW)), { kind: 'error', param_errs: [{ err_code: 7024 }] });
  t.notMatch(JSON.stringify(agent.own), 'BEGIN', 'what was brought is not kept');
});

t.test('a Controller brings its own, and nobody another', { skip }, async (t) => {
  const agent = new AgentAtHand();
  const command = `${ME}AddMyCertificate()`;
  const args = { Certificate: own.cert };
  t.match(await run(agent, command, args, OTHER_CONTROLLER), { kind: 'cmd_failure', err_code: 7006 });
  t.match(await run(agent, command, { Certificate: authority.cert }), { err_code: 7027 }, 'it names somebody else');
  t.match(await run(agent, command, args), { kind: 'req_output_args' });
  t.equal(agent.local().read(`${ME}Credential`), `${CERTIFICATES}10000`);
  await run(agent, `${ROW}Delete()`);
  t.equal(agent.local().read(`${ME}Credential`), '', 'the reference goes with the row (R-ARC.12)');
  t.match(await agent.ask(set(update(ME, { 'Credential!': `${CERTIFICATES}7` }))), { kind: 'error', err_code: 7004 });
});

t.test('a Credential gives its roles to those who show the certificate, or one that it signed', { skip }, async (t) => {
  const agent = new AgentAtHand();
  await agent.ask(set(update(ME, { AssignedRole: '' })));
  await bring(agent, authority.cert);
  const made = await agent.ask(
    add(create(CREDENTIALS, { Enable: 'true', Role: `${ROLES}2`, Credential: `${CERTIFICATES}10000` })),
  );
  t.match(made, { kind: 'add_resp', created_obj_results: [{ oper_status: { kind: 'oper_success' } }] });
  const chain = [signerName(fingerprintOf(own.cert)), signerName(fingerprintOf(authority.cert))];
  const reads = (names: readonly string[]): boolean => rightsOf(agent.local(), CONTROLLER, names).param('Device.X').r;
  t.ok(reads(chain), 'Read Only');
  t.notOk(reads([]), 'without a certificate there is no role');
  t.notOk(reads(chain.slice(0, 1)), 'nor for one of somebody else');

  // The certificate itself says more than who signed it (R-SEC.25).
  await bring(agent, own.cert);
  const nothing = { Enable: 'true', Role: `${ROLES}3`, Credential: `${CERTIFICATES}10001` };
  await agent.ask(add(create(CREDENTIALS, nothing)));
  t.notOk(reads(chain), 'the first that is known says all');
  await agent.ask(set(update(`${CREDENTIALS}10001.`, { Enable: 'false' })));
  t.ok(reads(chain), 'unless it is switched off');
  await agent.ask(set(update(`${CREDENTIALS}10000.`, { AllowedUses: 'MTP-only' })));
  t.notOk(reads(chain), 'what is for connections only makes nobody a Controller with roles');
  await agent.ask(set(update(`${CREDENTIALS}10000.`, { AllowedUses: 'MTP-and-USP' })));
  await agent.ask(set(update(ROW, { Enable: 'false' })));
  t.notOk(reads(chain), 'as a certificate can be');
  await agent.ask(set(update(ROW, { Enable: 'true' })));
  await run(agent, `${ROW}Delete()`);
  t.notOk(reads(chain));
  t.same(agent.local().rowsOf(CREDENTIALS), [10_001], 'a Credential goes with its certificate');
});

t.test('a Credential has one certificate that is there, and no other Credential has it', { skip }, async (t) => {
  const agent = new AgentAtHand();
  await bring(agent, authority.cert);
  const code = async (values: Record<string, string>): Promise<number | undefined> => {
    const answer = await agent.ask(add(create(CREDENTIALS, values)));
    return answer.kind === 'error' ? answer.param_errs[0]?.err_code : undefined;
  };
  t.equal(await code({}), 7012);
  t.equal(await code({ 'Credential!': `${CERTIFICATES}7` }), 7012);
  t.equal(await code({ 'Credential!': `${CERTIFICATES}10000`, 'AllowedUses!': 'all' }), 7012);
  t.equal(await code({ 'Credential!': `${CERTIFICATES}10000` }), undefined);
  t.equal(await code({ 'Credential!': `${CERTIFICATES}10000` }), 7025);
});

t.test('a tenant has certificates for all its Agents', { skip }, async (t) => {
  const context = { tenant: 'acme', settings: SETTINGS, now: 0 };
  const rowsIn = (edited: Edited) => {
    if (edited.ok) return edited.rows;
    throw new Error(`${edited.path}: ${edited.why}`);
  };
  const values = { Certificate: authority.cert, Alias: 'partners' };
  const rows = rowsIn(
    editTemplate(
      NO_ROWS,
      [
        { kind: 'add', path: CERTIFICATES, values },
        {
          kind: 'add',
          path: CREDENTIALS,
          values: { Enable: 'true', Credential: `${CERTIFICATES}1`, Role: `${ROLES}2` },
        },
      ],
      context,
    ),
  );
  const objects = templateObjects(rows);
  t.same(objects[`${CERTIFICATES}1.`]?.['Issuer'], 'CN=Test CA');
  t.same(templateObjects(rowsIn(replaceTemplate(rows, objects, context))), objects, 'what is shown can be given back');
  const given = { ...objects, [`${CERTIFICATES}1.`]: { ...values, Enable: 'true' } };
  t.same(templateObjects(rowsIn(replaceTemplate(rows, given, context))), objects, 'and so can the certificate');
  t.same(Object.keys(templateObjects(rowsIn(replaceTemplate(NO_ROWS, given, context)))).length, 2, 'elsewhere, too');
  const bad = { ...given, [`${CERTIFICATES}1.`]: { ...values, Certificate: own.cert } };
  t.match(replaceTemplate(rows, bad, context), { ok: false }, 'a certificate does not become another');
  t.match(editTemplate(rows, [{ kind: 'add', path: CERTIFICATES, values: { Alias: 'none' } }], context), {
    ok: false,
    path: `${CERTIFICATES}2.Certificate`,
  });
  const gone = rowsIn(editTemplate(rows, [{ kind: 'delete', path: `${CERTIFICATES}1.` }], context));
  t.same(templateObjects(gone), {});
});
