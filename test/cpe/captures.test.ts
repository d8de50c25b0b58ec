// The CPE against the captured sessions of real programs: in the dialect of each, it understands every RPC that the ACS
// of the capture sent, and what it answers has the structure of what the program answered.
import t, { type Test } from 'tap';
import {
  captured,
  capturesAreHere,
  dumpOfCapture,
  faultOfItsOwn,
  orderOf,
  readCapture,
  rpcsIn,
  structureOf,
  type Message,
} from './captures.ts';
import { manualClock } from './clock.ts';
import { createDevice, type LiveDevice } from './device.ts';
import { dialects, type DialectName } from './dialects.ts';
import { answerRpc } from './dispatch.ts';
import { createFaultRules } from './fault-rules.ts';
import { transferComplete } from './acs-requests.ts';
import { event } from './events.ts';
import { informContent } from './inform.ts';
import { seededRandom } from './random.ts';
import { childOf, readEnvelope, textOf, type Element, type Envelope } from './soap-read.ts';
import { createVoice, type Voice } from './voice.ts';

/** A device that says what the captured one said of itself, without a session around it. */
function deviceOf(messages: readonly Message[], dialect: DialectName): LiveDevice {
  const hooks = {
    clock: manualClock(),
    random: seededRandom(1),
    dialect: dialects[dialect],
    report: () => undefined,
    changedByDevice: () => undefined,
    onDiagnosticsEnd: () => undefined,
    onTransferEnd: () => undefined,
    scheduleInform: () => undefined,
  };
  const dump = dumpOfCapture(messages);
  return createDevice({ dump, acsUrl: 'http://127.0.0.1/', status1: () => dialect === 'easycwmp' }, hooks);
}

/** Access lists, where the captured program told them. */
function takeAttributes({ attributes, model }: LiveDevice, answer: Message): void {
  for (const item of childOf(answer.envelope?.content, 'ParameterList')?.children ?? []) {
    const path = textOf(item, 'Name') ?? '';
    const accessList = childOf(item, 'AccessList')?.children.map(({ text }) => text);
    const facets = model.parameter(path)?.node.facets;
    if (accessList !== undefined && facets !== undefined) attributes.set(path, facets, { accessList });
  }
}

function voiceOf(messages: readonly Message[], dialect: DialectName): Voice {
  const namespace = messages.find(({ from }) => from === 'cpe')?.envelope?.cwmpNamespace ?? '';
  return createVoice({
    dialect: dialects[dialect],
    cwmpVersion: namespace.endsWith('2') ? 2 : 0,
    random: seededRandom(1),
  });
}

/** Lines of the captured structure that ours lacks. */
const missing = (ours: Envelope, theirs: Envelope): string[] => {
  const own = new Set(structureOf(ours));
  return structureOf(theirs).filter((line) => !own.has(line));
};

const same = (t: Test, ourText: string, theirs: Envelope, name: string): void => {
  const ours = readEnvelope(ourText);
  if (!ours.ok) {
    t.fail(`${name}: ${ours.reason}`);
    return;
  }
  t.same(missing(ours.envelope, theirs), [], `${name}: elements, prefixes, types`);
  const order = orderOf(theirs);
  t.same(
    orderOf(ours.envelope).filter((place) => order.includes(place)),
    order,
    `${name}: order`,
  );
  t.equal(ours.envelope.root.prefix, theirs.root.prefix, `${name}: envelope prefix`);
  t.equal(ours.envelope.id === '', theirs.id === '', `${name}: ID`);
};

for (const [folder, dialect] of captured) {
  t.test(folder, { skip: capturesAreHere ? false : 'the captures are not here' }, async (t) => {
    const messages = readCapture(folder);
    const voice = voiceOf(messages, dialect);

    t.test('answers to RPCs', async (t) => {
      const device = deviceOf(messages, dialect);
      for (const [request, answer] of rpcsIn(messages)) {
        t.ok(request.envelope, `${request.name} is well-formed`);
        if (request.envelope === undefined) continue;
        voice.heard(request.envelope);
        takeAttributes(device, answer);
        const { reply, args } = await answerRpc(
          request.envelope,
          device,
          createFaultRules(faultOfItsOwn(request, answer)),
          voice,
        );
        const known = !request.name.endsWith('unknown') && device.methods.includes(request.envelope.content.local);
        if (known) t.not(args, undefined, `${request.name} is understood`);
        if (answer.body === '') t.equal(reply.kind, 'empty', answer.name);
        else if (answer.envelope !== undefined && reply.kind === 'envelope')
          same(t, reply.text, answer.envelope, answer.name);
        else t.equal(answer.envelope, undefined, answer.name);
      }
    });

    t.test('its own requests', async (t) => {
      const device = deviceOf(messages, dialect);
      for (const { from, envelope, name } of messages) {
        if (from !== 'cpe' || envelope === undefined) continue;
        const { content } = envelope;
        if (content.local === 'Inform')
          same(t, fresh(messages, dialect).request('Inform', informLike(content, device)).text, envelope, name);
        if (content.local === 'TransferComplete') {
          const result = {
            commandKey: 'k',
            isDownload: true,
            faultCode: 0,
            faultText: '',
            startedAt: 0,
            completedAt: 0,
          };
          const request = transferComplete(result, dialects[dialect].soap.transferFaultLast);
          same(t, voice.request('TransferComplete', request.content).text, envelope, name);
        }
      }
    });

    t.test('headers: the same names in the same order', async (t) => {
      const own = dialects[dialect].http.headers.map(([name]) => name);
      for (const { from, headers, name } of messages) {
        if (from !== 'cpe') continue;
        const theirs = headers.map(([header]) => header).filter((header) => header !== '');
        t.same(
          own.filter((header) => theirs.includes(header)),
          theirs,
          name,
        );
      }
    });
  });
}

/** An Inform opens a session, with nothing taken over from the ACS yet. */
const fresh = (messages: readonly Message[], dialect: DialectName): Voice => voiceOf(messages, dialect);

const informLike = (inform: Element, device: LiveDevice): ReturnType<typeof informContent> =>
  informContent({
    deviceId: device.deviceId,
    events: childOf(inform, 'Event')?.children.map((item) => event(textOf(item, 'EventCode') ?? '')) ?? [],
    now: 0,
    retryCount: 0,
    paths: childOf(inform, 'ParameterList')?.children.map((item) => textOf(item, 'Name') ?? '') ?? [],
    model: device.model,
  });
