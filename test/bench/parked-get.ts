// How long a Get of one parameter takes through the gateway while its CPE is parked: from the Controller's send until the
// CPE has read the RPC, and from the CPE's write until the Controller has read the answer. Both ends are this one process,
// so that there is one clock; a bare relay of the same run is taken off. Alone, and with other CPEs parked beside it.
// Run `npm run -s build && node dist/test/bench/parked-get.js [gets] [others]`. Needs the tools in ../shared/tools.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { encodeEid } from '../../proxy/usp/eid.ts';
import { encodeMsg } from '../../proxy/usp/msg-codec.ts';
import { encodeRecord, plainRecord } from '../../proxy/usp/record.ts';
import { AGENT, answerTo, BareCpe, PARAMETER } from './bare-cpe.ts';
import { benchGateway, gaugeOf, LOAD, percentile, profilesWith, requireTools, start, table } from './measure.ts';

const GETS = Number(process.argv[2] ?? 1000);
const OTHERS = Number(process.argv[3] ?? 1000);
/** Gateway and relay take turns: what disturbs the machine disturbs both. */
const BLOCK = 50;
/** Gets before the first that counts: a gateway that has been up for a while is what an operator has. */
const WARM_UP = 1000;
const CONTROLLER = 'self::bench';

/** One way from a WebSocket to a held POST: the gateway, or the bare relay. */
class Way {
  readonly #socket: WebSocket;
  readonly #cpe: BareCpe;
  /** The CPE's POST that is held. */
  #held: ReturnType<BareCpe['post']>;
  readonly #request: (index: number) => Uint8Array;
  /** Milliseconds of each Get, the CPE's own time left out. */
  readonly took: number[] = [];

  constructor(socket: WebSocket, cpe: BareCpe, request: (index: number) => Uint8Array) {
    this.#socket = socket;
    this.#cpe = cpe;
    this.#request = request;
    this.#held = cpe.post('');
  }

  /** Answers what is asked before `done` resolves: the gateway looks at a CPE that it has just come to know. */
  async settle(): Promise<void> {
    for (;;) {
      const quiet = new Promise<undefined>((resolve) => {
        setTimeout(() => resolve(undefined), 500);
      });
      const asked = await Promise.race([this.#held, quiet]);
      if (asked === undefined) return;
      this.#held = this.#cpe.post(answerTo(asked.body));
    }
  }

  async get(index: number): Promise<void> {
    const bytes = this.#request(index);
    const answered = once(this.#socket, 'message').then(() => performance.now());
    const sentAt = performance.now();
    this.#socket.send(bytes);
    for (;;) {
      const { body, readAt } = await this.#held;
      const answer = answerTo(body);
      const wroteAt = performance.now();
      this.#held = this.#cpe.post(answer);
      // What the gateway asks a parked CPE by itself is answered, and not counted.
      if (body.includes('SoftwareVersion')) continue;
      this.took.push(readAt - sentAt + ((await answered) - wroteAt));
      return;
    }
  }

  close(): void {
    this.#socket.terminate();
    this.#cpe.close();
  }
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, 'v1.usp');
  await once(socket, 'open');
  return socket;
}

const getRecord = (index: number): Uint8Array => {
  const body = { kind: 'get', param_paths: [PARAMETER], max_depth: 0 } as const;
  const msg = encodeMsg({ msg_id: `get-${index}`, body });
  return encodeRecord(plainRecord(AGENT, CONTROLLER, { kind: 'no_session_context', payload: msg }));
};

requireTools();
const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
const gateway = await start(benchGateway, [
  `--data.dir=${join(folder, 'data')}`,
  `--profiles.dir=${profilesWith(folder, 'always')}`,
]);
const relay = await start(fileURLToPath(new URL('bare-relay.js', import.meta.url)), []);
const addresses = JSON.parse(gateway.firstLine) as Record<'cwmp' | 'http' | 'operate', string>;
const ports = JSON.parse(relay.firstLine) as Record<'cwmp' | 'http', number>;
const sample = Buffer.from(getRecord(0));

async function throughGateway(): Promise<Way> {
  const cpe = await BareCpe.connect(Number(addresses.cwmp.split(':')[1]));
  await cpe.inform();
  const socket = await open(`ws://${addresses.http}/usp?eid=${encodeEid(CONTROLLER)}`);
  const way = new Way(socket, cpe, getRecord);
  await way.settle();
  return way;
}
async function throughRelay(): Promise<Way> {
  const cpe = await BareCpe.connect(ports.cwmp);
  return new Way(await open(`ws://127.0.0.1:${ports.http}/`), cpe, () => sample);
}

async function measure(title: string): Promise<void> {
  const [ours, bare] = [await throughGateway(), await throughRelay()];
  for (let index = 0; index < WARM_UP; index += 1) {
    await ours.get(index);
    await bare.get(index);
  }
  ours.took.length = 0;
  bare.took.length = 0;
  for (let done = 0; done < GETS; done += BLOCK) {
    for (let index = 0; index < BLOCK; index += 1) await ours.get(done + index);
    for (let index = 0; index < BLOCK; index += 1) await bare.get(done + index);
  }
  ours.close();
  bare.close();
  const row = (name: string, of: (share: number) => number): string[] => [
    name,
    ...[0.5, 0.9, 0.99].map((share) => of(share).toFixed(3)),
  ];
  console.log(`\n${title}: ${ours.took.length} Gets, one after another, after ${WARM_UP} more`);
  table(
    ['milliseconds', 'p50', 'p90', 'p99'],
    [
      row('gateway', (share) => percentile(ours.took, share)),
      row('bare WebSocket + HTTP', (share) => percentile(bare.took, share)),
      row('what the gateway adds', (share) => percentile(ours.took, share) - percentile(bare.took, share)),
    ],
  );
}

await measure('alone');
const fleet = ['--root', 'device', '--devices', String(OTHERS), '--concurrency', String(OTHERS), '--park', '300'];
const others = spawn(process.execPath, [LOAD, '--url', `http://${addresses.cwmp}/`, ...fleet], { stdio: 'ignore' });
while ((await gaugeOf(addresses.operate, 'cwmp_parked')) < OTHERS) {
  await new Promise((resolve) => setTimeout(resolve, 200));
}
await measure(`with ${OTHERS} other CPEs parked`);
console.log(`parked at the end: ${await gaugeOf(addresses.operate, 'cwmp_parked')} others`);
others.kill('SIGKILL');
await Promise.all([gateway.stop(), relay.stop()]);
rmSync(folder, { recursive: true, force: true });
