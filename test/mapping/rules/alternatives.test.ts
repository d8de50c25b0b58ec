// Which parameters of the CPE stand for one another.
import t from 'tap';
import { alternativesOf } from '../../../proxy/mapping/rules/alternatives.ts';
import { parseRules } from '../../../proxy/mapping/rules/parse.ts';
import type { RuleFile } from '../../../proxy/mapping/rules/document.ts';

const ROOT = 'InternetGatewayDevice.';

function fileOf(name: string, text: string): RuleFile {
  const parsed = parseRules(name, text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}

const base = fileOf(
  'base.yaml',
  `objects:
  - at: A.{one}.
    to: WiFi.SSID.{one}.
    parameters:
      Key: { first: [Key.1.Text, Key] }
      Both: { from: [Left, Right], as: joined }
      Alone: Alone
`,
);
const vendor = fileOf(
  'vendor.yaml',
  `rank: 100
objects:
  - at: A.{one}.
    to: WiFi.SSID.{one}.
    parameters:
      Key: X_KEY
      Alone: /B.{one}.Alone
`,
);

await t.test('what a rule takes the first of, and what another file takes in its place', async (t) => {
  const alternatives = alternativesOf([vendor, base], ROOT);
  const of = (name: string): readonly string[] | undefined => alternatives.get(ROOT + name);
  t.same(of('A.{i}.Key'), [`${ROOT}A.{i}.X_KEY`, `${ROOT}A.{i}.Key.{i}.Text`]);
  t.same(of('A.{i}.Alone'), [`${ROOT}B.{i}.Alone`]);
  t.equal(of('A.{i}.Left'), undefined, 'parts of one value do not stand for each other');
});
