// What real CPEs send in one message: row 32 of the list of quirks. A GetParameterNames answer of a DSL modem had 3,343
// names in 595 kB.
import t from 'tap';
import { startHarness } from './harness.ts';
import { cookieOf, cpeText, describedDevice, informText, rawConnection, rpcOf } from './south-tools.ts';

const ENTRIES = 3343;
const BYTES = 595_000;

t.test('row 32: 3,343 names in one message of 595 kB', async (t) => {
  const harness = await startHarness(t);
  const connection = await rawConnection(t, harness);
  const Cookie = cookieOf(await connection.exchange(informText({ serial: 'ROW32' })));
  let asked = await connection.exchange('', { Cookie });
  while (rpcOf(asked) !== 'GetParameterNames') {
    if (asked.status !== 200) throw new Error(`the names are not asked for: ${asked.status}`);
    const methods = '<MethodList><string>GetParameterNames</string></MethodList>';
    asked = await connection.exchange(cpeText(`<cwmp:GetRPCMethodsResponse>${methods}</cwmp:GetRPCMethodsResponse>`), {
      Cookie,
    });
  }
  const names = Array.from(
    { length: ENTRIES },
    (_, index) => `Device.X_00256D_Table.${1 + (index >> 3)}.Name${index & 7}`,
  );
  const infos = names.map(
    (name) => `<ParameterInfoStruct><Name>${name}</Name><Writable>1</Writable></ParameterInfoStruct>`,
  );
  const layout = ' '.repeat(Math.max(0, Math.ceil((BYTES - infos.join('').length) / ENTRIES)));
  const list = `<ParameterList>${infos.map((info) => info + layout).join('')}</ParameterList>`;
  const body = cpeText(`<cwmp:GetParameterNamesResponse>${list}</cwmp:GetParameterNamesResponse>`);
  t.ok(Buffer.byteLength(body) >= BYTES, `${Buffer.byteLength(body)} bytes`);
  const answer = await connection.exchange(body, { Cookie });
  t.match([answer.status, answer.body], [204, ''], 'taken, and nothing more is asked');
  t.match(await describedDevice(harness, '02C0DE-Raw-ROW32'), { discovered: true });
});
