// Diagnostics: an object whose DiagnosticsState was set to Requested runs after the session and reports with event 8
// (TR-069 §3.7.1.5, TR-106 §A.3). Any object with that parameter can be requested; those named below also have results.
import type { Cancel, Clock } from './clock.ts';
import type { DataModel } from './data-model.ts';
import { downloadTest, uploadTest } from './diagnostics/throughput.ts';
import { ipPing } from './diagnostics/ip-ping.ts';
import { nameLookup } from './diagnostics/name-lookup.ts';
import type { Diagnostic, DiagnosticResult } from './diagnostics/diagnostic.ts';
import { traceRoute } from './diagnostics/trace-route.ts';
import type { Random } from './random.ts';
import { nameOf } from './tree.ts';

/** By the name of the singleton, in TR-181 and TR-098. */
const KNOWN: Readonly<Record<string, Diagnostic>> = {
  IPPing: ipPing,
  IPPingDiagnostics: ipPing,
  TraceRoute: traceRoute,
  TraceRouteDiagnostics: traceRoute,
  NSLookupDiagnostics: nameLookup,
  DownloadDiagnostics: downloadTest,
  UploadDiagnostics: uploadTest,
};

const generic: Diagnostic = () => ({ state: 'Complete', values: {}, tables: {} });

export interface DiagnosticsOptions {
  readonly model: DataModel;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds a test takes. */
  readonly time: number;
  /** In place of the built-in results; undefined leaves those. */
  readonly results?: (path: string, input: (name: string) => string) => DiagnosticResult | undefined;
  /** A test has ended and its results stand in the model. */
  readonly onEnd: (path: string, state: string, changed: readonly string[]) => void;
}

export interface Diagnostics {
  /** The ACS asked for it; it starts when the session has ended. */
  request(path: string): void;
  /** The ACS cancelled it, or changed an input: nothing runs, nothing is reported. */
  cancel(path: string): void;
  startRequested(): void;
  /** A reboot ends every test, and forgets the results of those that ran. */
  interrupt(): void;
}

export function createDiagnostics(options: DiagnosticsOptions): Diagnostics {
  const { model, clock, random } = options;
  const requested = new Set<string>();
  const running = new Map<string, Cancel>();
  const touched = new Set<string>();

  const end = (path: string): void => {
    running.delete(path);
    const input = (name: string): string => model.peek(`${path}${name}`) ?? '';
    const run = KNOWN[nameOf(path)] ?? generic;
    const result = options.results?.(path, input) ?? run({ input, random, now: clock.now() });
    options.onEnd(path, result.state, writeResult(model, path, result));
  };
  const cancel = (path: string): void => {
    requested.delete(path);
    running.get(path)?.();
    running.delete(path);
  };

  return {
    request: (path) => {
      cancel(path);
      requested.add(path);
      touched.add(path);
    },
    cancel,
    startRequested: () => {
      for (const path of requested)
        running.set(
          path,
          clock.after(options.time, () => end(path)),
        );
      requested.clear();
    },
    interrupt: () => {
      for (const path of touched) {
        cancel(path);
        writeResult(model, path, { state: 'None', values: {}, tables: {} });
      }
      touched.clear();
    },
  };
}

/** Writes what the model has a place for; a model's own age decides which results it can show. */
function writeResult(model: DataModel, path: string, result: DiagnosticResult): string[] {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries({ DiagnosticsState: result.state, ...result.values })) {
    if (model.parameter(`${path}${name}`) !== undefined) values.set(`${path}${name}`, value);
  }
  const changed = model.write(values, 'now');
  for (const [name, rows] of Object.entries(result.tables)) {
    const table = `${path}${name}.`;
    if (model.object(table) !== undefined) changed.push(...replaceRows(model, table, rows));
  }
  return changed;
}

function replaceRows(model: DataModel, table: string, rows: readonly Readonly<Record<string, string>>[]): string[] {
  const changed: string[] = [];
  for (const { path } of model.entries(table, true) ?? []) changed.push(...model.removeInstance(path, 'now'));
  for (const row of rows) {
    const { number, changed: added } = model.addInstance(table, 'now');
    const values = new Map<string, string>();
    for (const [name, value] of Object.entries(row)) {
      const path = `${table}${number}.${name}`;
      if (model.parameter(path) !== undefined) values.set(path, value);
    }
    changed.push(...added, ...model.write(values, 'now'));
  }
  return changed;
}
