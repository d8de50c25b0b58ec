// What the USP codec costs, in microseconds a message: medians of interleaved rounds, against the codec that protobufjs
// generates and a floor: JSON of the same content for a Msg, a copy of the bytes for a Record. Run `npm run -s build && node dist/test/bench/usp.js`.
import { decodeMsg, encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspMsg } from '../../proxy/usp/msg.ts';
import { decodeRecord, encodeRecord, plainRecord } from '../../proxy/usp/record.ts';
import { schema } from '../usp/oracle.ts';

const ROUNDS = 41;
const msgType = schema('usp-msg-1-4', 'usp.Msg');
const names = [
  'Enable',
  'Status',
  'Alias',
  'Name',
  'LastChange',
  'LowerLayers',
  'Upstream',
  'MACAddress',
  'MaxBitRate',
];
const objectOf = (index: number): string => `Device.Ethernet.Interface.${Math.floor(index / names.length) + 1}.`;
const nameOf = (index: number): string => names[index % names.length] ?? '';

function getOf(count: number): UspMsg {
  const param_paths = Array.from({ length: count }, (_, index) => objectOf(index) + nameOf(index));
  return { msg_id: 'bench-1', body: { kind: 'get', param_paths, max_depth: 0 } };
}

function getRespOf(count: number): UspMsg {
  const objects = new Map<string, Map<string, string>>();
  for (let index = 0; index < count; index += 1) {
    const params = objects.get(objectOf(index)) ?? new Map<string, string>();
    objects.set(objectOf(index), params.set(nameOf(index), `value ${index} of a parameter`));
  }
  const resolved_path_results = [...objects].map(([resolved_path, result_params]) => ({
    resolved_path,
    result_params,
  }));
  const result = { requested_path: 'Device.', err_code: 0, err_msg: '', resolved_path_results };
  return { msg_id: 'bench-1', body: { kind: 'get_resp', req_path_results: [result] } };
}

/** The content of a message as JSON would carry it. */
const plain = (msg: UspMsg): unknown =>
  JSON.parse(
    JSON.stringify(msg, (_, value: unknown) => (value instanceof Map ? Object.fromEntries<unknown>(value) : value)),
  );

interface Candidate {
  readonly name: string;
  readonly run: () => unknown;
  readonly times: number[];
}

/** Medians in microseconds, in the order of the candidates. */
function medians(candidates: readonly Candidate[], repeats: number): number[] {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { run, times } of candidates) {
      const started = process.hrtime.bigint();
      for (let repeat = 0; repeat < repeats; repeat += 1) run();
      times.push(Number(process.hrtime.bigint() - started) / 1000 / repeats);
    }
  }
  return candidates.map(({ times }) => times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN);
}

function report(title: string, count: number, ours: () => unknown, library: () => unknown, least: () => unknown): void {
  const candidates = Object.entries({ ours, library, least }).map(([name, run]) => ({ name, run, times: [] }));
  const [own = NaN, generated = NaN, floor = NaN] = medians(candidates, Math.ceil(4000 / count));
  const ratio = (value: number): string => `${(value / floor).toFixed(2)}x`;
  console.log(
    `${title.padEnd(16)} ${String(count).padStart(5)} ${own.toFixed(1).padStart(9)} us ${ratio(own).padStart(7)}` +
      ` | protobufjs ${generated.toFixed(1).padStart(8)} us ${ratio(generated).padStart(7)} | floor ${floor.toFixed(1).padStart(7)} us`,
  );
}

console.log('USP codec: parameters, median, ratio to the floor');
for (const count of [20, 200, 2000]) {
  for (const [title, msg] of [
    ['Get', getOf(count)],
    ['GetResp', getRespOf(count)],
  ] as const) {
    const bytes = encodeMsg(msg);
    const text = JSON.stringify(plain(msg));
    const object = plain(msg);
    const message = msgType.decode(bytes);
    report(
      `decode ${title}`,
      count,
      () => decodeMsg(bytes),
      () => msgType.decode(bytes),
      () => JSON.parse(text) as unknown,
    );
    report(
      `encode ${title}`,
      count,
      () => encodeMsg(msg),
      () => msgType.encode(message).finish(),
      () => JSON.stringify(object),
    );
  }
  const record = plainRecord('ops::00256D-STB-1', 'self::controller', {
    kind: 'no_session_context',
    payload: encodeMsg(getRespOf(count)),
  });
  const recordType = schema('usp-record-1-4', 'usp_record.Record');
  const bytes = encodeRecord(record);
  const generated = recordType.decode(bytes);
  report(
    'decode Record',
    count,
    () => decodeRecord(bytes),
    () => recordType.decode(bytes),
    () => Buffer.from(bytes),
  );
  report(
    'encode Record',
    count,
    () => encodeRecord(record),
    () => recordType.encode(generated).finish(),
    () => Buffer.from(bytes),
  );
}
