// Every body that a real CPE was seen to send is read, or refused for a reason that can be defended.
import { SaxesParser } from 'saxes';
import t from 'tap';
import type { ParameterValueItem } from '../../proxy/rpc/structs.ts';
import { decodeBody } from '../../proxy/soap/charset.ts';
import type { Message } from '../../proxy/soap/envelope.ts';
import { readLeniently } from '../../proxy/soap/lenient.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { readCaptured, type Captured } from './captured.ts';

/** What is no XML stays refused; none of these is a whole message that a repair could bring back. */
const REFUSED: Readonly<Record<string, string>> = {
  // Content-Length counts characters: the body breaks off within its last tag (quirk 12).
  'genieacs-sim-nonascii/008-cpe-GetParameterValuesResponse.txt': 'truncated',
  // Printed in a magazine: without Envelope, and with an attribute on an end tag.
  'wild/50-avm-fritzbox-7170-Inform-heise2007-BROKEN.txt': 'malformed-tag',
  // Made as a negative sample: ends within a tag.
  'wild/51-jdalberg-bogus-inform.xml': 'truncated',
};

/** What the file names promise: `021-cpe-Fault-9003.txt`, `…-Inform-1_BOOT.txt`, `…-GetRPCMethodsResponse.txt`. */
function promised(name: string): string | undefined {
  if (name.includes('Fault')) return 'Fault';
  if (name.includes('GPVResponse')) return 'GetParameterValuesResponse';
  const known =
    /(GetRPCMethods|RequestDownload|AutonomousTransferComplete|TransferComplete|Inform)[^a-zA-Z]|-([A-Z]\w+Response)\b/.exec(
      name,
    );
  return known?.[2] ?? known?.[1];
}

function nameOf(message: Message): string {
  if (message.kind === 'fault') return 'Fault';
  if (message.kind === 'unknown') return message.name;
  return message.kind === 'response' ? `${message.method}Response` : message.method;
}

/** Names and values of the parameters as saxes finds them, wherever they are. */
function parametersBySaxes(text: string): (readonly [string, string])[] {
  const parser = new SaxesParser({ xmlns: false });
  const list: (readonly [string, string])[] = [];
  let [name, value, data] = ['', '', ''];
  parser.on('opentag', (tag) => {
    data = '';
    if (tag.name === 'ParameterValueStruct') [name, value] = ['', ''];
  });
  parser.on('text', (piece) => (data += piece));
  parser.on('closetag', (tag) => {
    if (tag.name === 'Name') name = data.trim();
    if (tag.name === 'Value') value = data;
    if (tag.name === 'ParameterValueStruct') list.push([name, value]);
  });
  parser.write(text).close();
  return list;
}

function parametersOf(message: Message): (readonly [string, string])[] {
  if (message.kind === 'request' && message.method === 'Inform') return pairs(message.value.ParameterList);
  if (message.kind === 'response' && message.method === 'GetParameterValues') return pairs(message.value.ParameterList);
  return [];
}

function pairs(list: readonly ParameterValueItem[]): (readonly [string, string])[] {
  return list.map(({ Name, Value }) => [Name, Value]);
}

const captured = readCaptured();
const textOf = ({ body, contentType }: Captured): string => decodeBody(body, contentType);

t.test('captures', { skip: captured.length === 0 ? 'the captures are not here' : false }, async (t) => {
  t.ok(captured.length > 250, `${captured.length} bodies`);
  for (const capture of captured) {
    const { name } = capture;
    const text = textOf(capture);
    const outcome = readEnvelope(text);
    const reason = REFUSED[name];
    if (!outcome.ok) {
      t.equal(outcome.reason, reason, `${name}: ${outcome.detail}`);
      t.match(readLeniently(text), { ok: false, reason }, `${name} is beyond repair`);
      continue;
    }
    const { message, style } = outcome.envelope;
    t.equal(reason, undefined, name);
    t.equal(nameOf(message), promised(name) ?? nameOf(message), name);
    t.not(message.kind, 'unknown', name);
    t.equal(style.cwmpVersionSeen, true, name);
    t.same(parametersOf(message), parametersBySaxes(text), name);
    const code = /Fault-(\d+)/.exec(name)?.[1];
    if (message.kind === 'fault')
      t.ok(
        message.fault.FaultCode === Number(code ?? message.fault.FaultCode) && message.fault.FaultCode >= 9000,
        name,
      );
    if (message.kind === 'request' && message.method === 'Inform') t.match(message.value.DeviceId.OUI, /^\w{6}$/, name);
    // The second reading agrees with the first wherever there was nothing to mend.
    if (text.length < 200_000) t.same(readLeniently(text), { ...outcome, repairs: [] }, name);
  }
});
