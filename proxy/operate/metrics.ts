// What is counted, in one place. Every refusal, drop and end has a reason, and the reason is the label.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Counters by name, with the one label that says why or which. */
export const COUNTERS = {
  cwmp_informs: { label: 'event', help: 'Informs accepted, by their leading event code' },
  cwmp_refused: { label: 'reason', help: 'POSTs of CPEs refused before or instead of a session step' },
  cwmp_lenient: { label: 'model', help: 'Bodies that only the lenient reading understood, by OUI and product class' },
  cwmp_session_end: { label: 'reason', help: 'CWMP sessions ended' },
  upstream: { label: 'outcome', help: 'Chain mode: POSTs and sessions, by what became of them at the ACS behind' },
  cwmp_rpc: { label: 'outcome', help: 'RPCs called on CPEs, by what became of them' },
  connection_request: { label: 'outcome', help: 'Connection Requests, by their exact outcome' },
  stun: { label: 'outcome', help: 'Datagrams that came to the STUN server, by what became of them' },
  xmpp: { label: 'outcome', help: 'Connections to the XMPP server and stanzas dropped, by what became of them' },
  files_refused: { label: 'reason', help: 'Requests for files, or to bring one, that were refused' },
  files_transfer: { label: 'outcome', help: 'Downloads and uploads of files that began, by what became of them' },
  files_fetched: { label: 'outcome', help: 'Files that the gateway itself fetched, by what became of them' },
  images_shared: { label: 'by', help: 'Images that were kept already, by what proved that they are the same' },
  park_end: { label: 'reason', help: 'Parks ended' },
  request: { label: 'state', help: 'Requests of Controllers that went to a device, by their one outcome' },
  request_refused: { label: 'reason', help: 'Requests refused before they entered a mailbox' },
  own_credentials: { label: 'what', help: 'Devices given credentials of their own, and what came of those' },
  transfer: { label: 'what', help: 'Transfers begun, refused, and how they ended' },
  transfer_report: {
    label: 'match',
    help: 'TransferComplete and its like, by how the transfer was found, or why none was',
  },
  record_dropped: { label: 'reason', help: 'USP Records ignored or refused' },
  record: { label: 'direction', help: 'USP Records received and sent' },
  session_context: {
    label: 'what',
    help: 'Session Contexts of Agents with Controllers: begun, over and why, Records sent again',
  },
  notify: { label: 'what', help: 'Notifies derived, written, answered, dropped' },
  trigger_config: { label: 'outcome', help: 'What Subscriptions set (TriggerAction), by what became of it' },
  usp_limit: { label: 'limit', help: 'Controllers that came to a limit of theirs (settings usp.limits)' },
  challenge: { label: 'outcome', help: 'Challenges that Controllers asked for and answered, by what became of them' },
  certificate_judged: {
    label: 'outcome',
    help: 'Client certificates of CAs that are not in http.tls.ca, by what the rows of tenants made of them',
  },
  socket_closed: { label: 'reason', help: 'WebSocket connections closed by us' },
  dial: { label: 'outcome', help: 'WebSockets that Agents tried to open to Controllers, by what became of the try' },
  due_work: { label: 'kind', help: 'Due work done' },
  failure: { label: 'where', help: 'Errors that ended one thing and were logged' },
} as const;
export type CounterName = keyof typeof COUNTERS;

export const GAUGES = {
  cwmp_sessions: 'CWMP sessions open',
  cwmp_parked: 'CPEs parked',
  files_transfers: 'Downloads and uploads of files that run',
  usp_sockets: 'WebSocket connections open',
  usp_contexts: 'Session Contexts of Agents with Controllers that this node keeps',
  usp_dials: 'Controllers that Agents dial from this node',
  usp_dials_open: 'WebSocket connections that Agents have opened to Controllers from this node',
  xmpp_connected: 'Whether the connection to the XMPP server stands',
} as const;
export type GaugeName = keyof typeof GAUGES;

/** Values a label may take before the rest is counted as `other`: a CPE may invent model names. */
const LABEL_CAP = 256;

export interface Metrics {
  count(name: CounterName, label: string): void;
  /** The gauge reads its value when it is asked for. */
  gauge(name: GaugeName, read: () => number): void;
  /** The Prometheus text exposition. */
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'causeway_' });
  const counters = new Map(
    Object.entries(COUNTERS).map(([name, { label, help }]) => [
      name,
      {
        children: new Map<string, { inc(): void }>(),
        counter: new Counter({ name: `causeway_${name}_total`, help, labelNames: [label], registers: [registry] }),
      },
    ]),
  );
  return {
    count(name, label) {
      const entry = counters.get(name);
      if (entry === undefined) return;
      const shown = entry.children.has(label) || entry.children.size < LABEL_CAP ? label : 'other';
      let child = entry.children.get(shown);
      if (child === undefined) {
        child = entry.counter.labels(shown);
        entry.children.set(shown, child);
      }
      child.inc();
    },
    gauge(name, read) {
      new Gauge({
        name: `causeway_${name}`,
        help: GAUGES[name],
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    text: () => registry.metrics(),
  };
}
