// Device.LocalAgent.MTP.{i}.: how Controllers reach this Agent. One row, the gateway's WebSocket listener, which is the
// operator's to change.
import { ALIAS, aliasFor, BOOLEAN, LIST, type LocalObject, parameter, UNSIGNED } from './definition.ts';

const MTP_TABLE = 'Device.LocalAgent.MTP.';

export const MTP: LocalObject = {
  path: `${MTP_TABLE}{i}.`,
  creatable: false,
  deletable: false,
  uniqueKeys: [{ functional: false, names: ['Alias'] }],
  parameters: [
    { ...ALIAS, access: 'readOnly', made: () => aliasFor(1) },
    parameter('Enable', { type: BOOLEAN, made: () => 'true' }),
    parameter('Status', { made: () => 'Up' }),
    parameter('Protocol', { made: () => 'WebSocket' }),
    // There is no link that this Agent and its Controllers share (facts: usp-agent-requirements §11.6).
    parameter('EnableMDNS', { type: BOOLEAN, made: () => 'false' }),
  ],
  events: [],
  computed: { numbers: () => [1], values: (_facts, number) => (number === 1 ? {} : undefined) },
};

export const MTP_WEB_SOCKET: LocalObject = {
  path: `${MTP_TABLE}{i}.WebSocket.`,
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  parameters: [
    parameter('Interfaces', { type: LIST }),
    parameter('Port', { type: UNSIGNED, made: ({ settings }) => String(settings.webSocket.port) }),
    parameter('Path', { made: ({ record }) => `/usp/${record.identity.endpointId.replaceAll('%', '%25')}` }),
    parameter('EnableEncryption', { type: BOOLEAN, made: ({ settings }) => String(settings.webSocket.encrypted) }),
    parameter('KeepAliveInterval', {
      type: UNSIGNED,
      made: ({ settings }) => String(settings.webSocket.keepAliveSeconds),
    }),
  ],
  events: [],
};
