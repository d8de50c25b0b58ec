// The arguments of an Inform (TR-069 A.3.3.1): who this is, why it calls, and the parameters that go with that.
import type { DataModel } from './data-model.ts';
import type { CpeEvent } from './events.ts';
import { list, moment, struct, text, value, type Content } from './soap-content.ts';

export interface DeviceId {
  readonly manufacturer: string;
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
}

export interface InformOptions {
  readonly deviceId: DeviceId;
  readonly events: readonly CpeEvent[];
  readonly now: number;
  readonly retryCount: number;
  /** Parameters to report: those of every Inform and those that changed. Names the model lacks are passed over. */
  readonly paths: Iterable<string>;
  readonly model: DataModel;
}

export function informContent(options: InformOptions): Content[] {
  const { deviceId, events, model } = options;
  const values: Content[] = [];
  for (const path of new Set(options.paths)) {
    const parameter = model.parameter(path);
    if (parameter === undefined) continue;
    values.push(struct('ParameterValueStruct', text('Name', path), value(parameter.value, parameter.node.type)));
  }
  return [
    struct(
      'DeviceId',
      text('Manufacturer', deviceId.manufacturer),
      text('OUI', deviceId.oui),
      text('ProductClass', deviceId.productClass),
      text('SerialNumber', deviceId.serialNumber),
    ),
    list(
      'Event',
      'EventStruct',
      events.map(({ code, commandKey }) =>
        struct('EventStruct', text('EventCode', code), text('CommandKey', commandKey)),
      ),
    ),
    text('MaxEnvelopes', 1),
    moment('CurrentTime', options.now),
    text('RetryCount', options.retryCount),
    list('ParameterList', 'ParameterValueStruct', values),
  ];
}
